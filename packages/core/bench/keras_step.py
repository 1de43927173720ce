"""Seconds for a training step of workloads.mjs' smaller networks in Keras/TensorFlow: keras_step.py BATCH STEPS WORKLOAD"""
import os, resource, sys, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy as np
from keras import layers as L

conv = lambda filters: L.Conv2D(filters, 3, activation="relu")
lstm = lambda **options: L.LSTM(128, recurrent_activation="hard_sigmoid", **options)  # tfjs' default
WORKLOADS = {
    "mnist": ("rmsprop", (28, 28, 1), lambda: [
        conv(16), L.MaxPooling2D(2), conv(32), L.MaxPooling2D(2), conv(32), L.Flatten(),
        L.Dense(64, activation="relu"), L.Dense(10, activation="softmax")]),
    "mnist-node": ("rmsprop", (28, 28, 1), lambda: [
        conv(32), conv(32), L.MaxPooling2D(2), conv(64), conv(64), L.MaxPooling2D(2), L.Flatten(), L.Dropout(0.25),
        L.Dense(512, activation="relu"), L.Dropout(0.5), L.Dense(10, activation="softmax")]),
    "text-generation": ("rmsprop", (60, 71), lambda: [
        lstm(return_sequences=True), lstm(), L.Dense(71, activation="softmax")]),
    "addition": ("adam", (5, 12), lambda: [
        lstm(), L.RepeatVector(3), lstm(return_sequences=True), L.TimeDistributed(L.Dense(12)), L.Activation("softmax")]),
    "dense": ("adam", (4,), lambda: [L.Dense(8, activation="tanh"), L.Dense(3, activation="softmax")]),
}
batch, steps, (optimizer, shape, layers) = int(sys.argv[1]), int(sys.argv[2]), WORKLOADS[sys.argv[3]]
model = keras.Sequential([L.Input(shape), *layers()])
model.compile(optimizer=optimizer, loss="categorical_crossentropy")
x = np.random.rand(batch, *shape).astype("f4")
y = np.eye(model.output_shape[-1], dtype="f4")[np.random.randint(0, model.output_shape[-1], (batch, *model.output_shape[1:-1]))]
seconds = []
for _ in range(steps):
    start = time.perf_counter()
    model.train_on_batch(x, y)
    seconds.append(time.perf_counter() - start)
steady = sorted(seconds[2:])
print(f"keras B {batch} first {seconds[0]:.2f} min {steady[0]:.5f} med {steady[len(steady) // 2]:.5f}")
print("rss MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
