import * as tf from "@tensorflow/tfjs";
import type { Dataset, Split } from "../data/dataset.ts";
import { splitOf } from "../data/split.ts";
import { glorotUniform } from "../initializers/glorot-uniform.ts";
import { randomFor } from "../random/random.ts";

/** A residual network for 8x8 pictures with every kind of layer that ResNet50 has; seeded, not compiled. */
export function tinyResNet(classes = 3, momentum = 0.9): tf.LayersModel {
  const { conv2d, batchNormalization, activation, add } = tf.layers;
  const kernel = (seed: number) => ({ kernelInitializer: glorotUniform({ seed }) });
  const input = tf.input({ name: "input_1", shape: [8, 8, 3] });
  let x = tf.layers.zeroPadding2d({ name: "pad", padding: 1 }).apply(input) as tf.SymbolicTensor;
  x = conv2d({ name: "conv1", filters: 4, kernelSize: 3, strides: 1, ...kernel(1) }).apply(x) as tf.SymbolicTensor;
  x = batchNormalization({ name: "bn1", momentum }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.maxPooling2d({ name: "pool", poolSize: 3, strides: 2 }).apply(x) as tf.SymbolicTensor;
  const main = activation({ name: "relu1", activation: "relu" }).apply(x) as tf.SymbolicTensor;
  let y = conv2d({ name: "conv2", filters: 6, kernelSize: 3, padding: "same", strides: 2, ...kernel(2) }).apply(
    main,
  ) as tf.SymbolicTensor;
  y = batchNormalization({ name: "bn2", momentum }).apply(y) as tf.SymbolicTensor;
  let shortcut = conv2d({ name: "conv3", filters: 6, kernelSize: 1, strides: 2, ...kernel(3) }).apply(
    main,
  ) as tf.SymbolicTensor;
  shortcut = batchNormalization({ name: "bn3", momentum }).apply(shortcut) as tf.SymbolicTensor;
  x = add({ name: "add" }).apply([y, shortcut]) as tf.SymbolicTensor;
  x = activation({ name: "relu2", activation: "relu" }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.averagePooling2d({ name: "avg", poolSize: 2, padding: "same" }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.flatten({ name: "flatten" }).apply(x) as tf.SymbolicTensor;
  const fc = tf.layers.dense({ name: "fc", units: classes, activation: "softmax", ...kernel(4) }).apply(x);
  return tf.model({ inputs: input, outputs: fc as tf.SymbolicTensor, name: "tiny" });
}

/** Pictures of 8x8 whose class is the third of the picture that is brighter. */
export function tinySplit(count: number, seed: number): Split {
  const bytes = 8 * 8 * 3;
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const names = Array.from({ length: count }, (_, i) => `${seed}-${i}.png`);
  return splitOf(names, labels, bytes, (index) => {
    const random = randomFor(seed, 0, index);
    return Uint8Array.from(
      { length: bytes },
      (_, at) => 90 * random() + (Math.floor((at / bytes) * 3) === labels[index] ? 120 : 0),
    );
  });
}

/** Three splits of such pictures. */
export const tinyDataset = (): Dataset => ({
  name: "tiny",
  labels: ["top", "middle", "bottom"],
  width: 8,
  height: 8,
  splits: { train: tinySplit(28, 1), val: tinySplit(12, 2), test: tinySplit(12, 3) },
  notes: [],
  duplicates: [],
});
