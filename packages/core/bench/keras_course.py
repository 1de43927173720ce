"""What same-course.mjs asks of Keras: keras_course.py PEERS FOLDER trains on FOLDER/train.u8 by FOLDER/job.json, saves the model
before epoch E (from 0) as FOLDER/E.keras, and leaves losses and right pictures of FOLDER/test.u8 in FOLDER/epochs.json."""
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, sys.argv[1])
import keras, numpy as np
from tf_train import resnet50

folder = sys.argv[2]
with open(os.path.join(folder, "job.json")) as file:
    job = json.load(file)
side, classes = job["side"], job["classes"]
keras.utils.set_random_seed(job["seed"])
model = resnet50((side, side, 3), classes)
model.compile(optimizer=keras.optimizers.Adam(job["rate"]), loss="categorical_crossentropy")


def pictures(file, count):
    values = np.frombuffer(file.read(count * side * side * 3), "u1")
    return values.reshape(count, side, side, 3).astype("f4") / 255


with open(os.path.join(folder, "test.u8"), "rb") as file:
    tested = np.array(sum(job["test"], []))
    test = pictures(file, len(tested))
epochs = []
with open(os.path.join(folder, "train.u8"), "rb") as file:
    for epoch, batches in enumerate(job["truth"]):
        if epoch == job["warm"] or job["eachEpoch"] and epoch > job["warm"]:
            model.save(os.path.join(folder, f"{epoch}.keras"))
        losses = []
        for truth in batches:
            model.reset_metrics()
            x, y = pictures(file, len(truth)), np.eye(classes, dtype="f4")[truth]
            losses.append(float(model.train_on_batch(x, y)))
        right = int((model.predict(test, verbose=0).argmax(1) == tested).sum())
        epochs.append({"losses": losses, "right": right})
with open(os.path.join(folder, "epochs.json"), "w") as file:
    json.dump(epochs, file)
