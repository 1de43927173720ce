import { glorotUniform } from "@resonnx/core";
import * as tf from "@tensorflow/tfjs";

/** Pictures are brought to this size, in pixels. */
export const SIDE = 64;
const FILTERS = [16, 32, 64, 128];
/** A moving average that follows within a few dozen steps: a lesson has no more. */
const MOMENTUM = 0.9;

/** A small convolutional network: four times convolution, normalization, ReLU and half the size, then means to classes. */
export function smallNetwork(classes: number): tf.LayersModel {
  const input = tf.input({ name: "image", shape: [SIDE, SIDE, 3] });
  let x: tf.SymbolicTensor = input;
  for (const [i, filters] of FILTERS.entries()) {
    const [n, seed] = [i + 1, i + 1];
    const kernel = { kernelSize: 3, padding: "same", kernelInitializer: glorotUniform({ seed }) } as const;
    const steps = [
      tf.layers.conv2d({ name: `conv${n}`, filters, ...kernel }),
      tf.layers.batchNormalization({ name: `bn${n}`, axis: 3, momentum: MOMENTUM }),
      tf.layers.reLU({ name: `relu${n}` }),
      tf.layers.maxPooling2d({ name: `pool${n}`, poolSize: 2 }),
    ];
    for (const layer of steps) x = layer.apply(x) as tf.SymbolicTensor;
  }
  x = tf.layers.globalAveragePooling2d({ name: "means" }).apply(x) as tf.SymbolicTensor;
  const softmax = { units: classes, activation: "softmax", kernelInitializer: glorotUniform({ seed: 9 }) } as const;
  const output = tf.layers.dense({ name: "scores", ...softmax }).apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output, name: "taught" });
}
