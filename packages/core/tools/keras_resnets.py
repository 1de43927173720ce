"""What Keras' applications say of ResNets, for `src/models/resnet.heavy.test.ts`: parameters at 224 x 224 x 3 with 1000
classes, and the probabilities of one picture at 64 x 64 x 3 with 10 classes, all weights and the picture made by a formula
that the test repeats. `python tools/keras_resnets.py > src/models/testdata/keras-resnets.json` (keras and tensorflow from pip)."""

import json

import keras
import numpy as np
import tensorflow as tf


def numbers(name: str, count: int) -> np.ndarray:
    """`count` numbers in [-0.5, 0.5) that depend on the name and the place alone: murmur3's finalizer over 32-bit integers."""
    seed = np.uint32(0)
    with np.errstate(over="ignore"):
        for character in name:
            seed = np.uint32(seed * np.uint32(31) + np.uint32(ord(character)))
        h = np.arange(count, dtype=np.uint32) + seed
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
    return h / 2.0**32 - 0.5


def weight(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Kernels as He et al. scale them, a quarter of it where a block ends, lest sums grow; normalizations near those of a new layer."""
    values = numbers(name, int(np.prod(shape)))
    kind = name.rsplit("/", 1)[1]
    if kind == "kernel":
        values = values * np.sqrt(24 / np.prod(shape[:-1])) * (0.25 if name.endswith("_3_conv/kernel") else 1)
    elif kind in ("gamma", "moving_variance"):
        values = 1 + 0.4 * values
    else:
        values = 0.2 * values
    return values.astype(np.float32).reshape(shape)


def described(name: str, depth: int, form: str) -> dict:
    build = getattr(keras.applications, name)
    full = build(weights=None)
    trainable = sum(int(np.prod(w.shape)) for w in full.trainable_weights)
    small = build(weights=None, input_shape=(64, 64, 3), classes=10)
    for layer in small.layers:
        layer.set_weights([weight(f"{layer.name}/{w.name}", tuple(w.shape)) for w in layer.weights])
    picture = numbers("picture", 64 * 64 * 3).astype(np.float32).reshape(1, 64, 64, 3)
    scores = small.predict(picture, verbose=0)[0]
    facts = {"name": name, "depth": depth, "form": form, "parameters": full.count_params(), "trainable": trainable}
    return {**facts, "probabilities": [float(f"{score:.7g}") for score in scores]}


networks = [(f"ResNet{depth}{suffix}", depth, form) for suffix, form in (("", "v1"), ("V2", "v2")) for depth in (50, 101, 152)]
made = {"keras": keras.__version__, "tensorflow": tf.__version__}
print(json.dumps({"made": made, "models": [described(*network) for network in networks]}, indent=2))
