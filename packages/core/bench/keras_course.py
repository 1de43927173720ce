"""What same-course.mjs asks of Keras: keras_course.py PEERS FOLDER trains on FOLDER/pictures.u8 by FOLDER/job.json, saves the
model once as FOLDER/warm.keras, and leaves the losses of all steps in FOLDER/losses.json."""
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, sys.argv[1])
import keras, numpy as np
from tf_train import resnet50

folder = sys.argv[2]
with open(os.path.join(folder, "job.json")) as file:
    job = json.load(file)
side, classes = job["side"], job["classes"]
keras.utils.set_random_seed(1)
model = resnet50((side, side, 3), classes)
model.compile(optimizer=keras.optimizers.Adam(job["rate"]), loss="categorical_crossentropy")
losses = []
with open(os.path.join(folder, "pictures.u8"), "rb") as pictures:
    for step, truth in enumerate(job["truth"]):
        if step == job["saveAfter"]:
            model.save(os.path.join(folder, "warm.keras"))
        count = len(truth)
        x = np.frombuffer(pictures.read(count * side * side * 3), "u1").reshape(count, side, side, 3)
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x.astype("f4") / 255, np.eye(classes, dtype="f4")[truth])))
with open(os.path.join(folder, "losses.json"), "w") as file:
    json.dump(losses, file)
