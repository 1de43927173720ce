import type { OptimizerConfig } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { arraysOf, distance, openOnnx, tinyDense, uniform, weightsOf } from "../../testing/train.ts";

const RATE = 0.05;
const COUNT = 6;
const batchOf = (k: number) => ({
  inputs: uniform(COUNT * 4, 100 + k),
  labels: Float32Array.from({ length: COUNT * 3 }, (_, i) => ((i + k) % 3 === Math.floor(i / 3) % 3 ? 1 : 0)),
  count: COUNT,
});

/*
 * Not here: tfjs' centered RMSprop takes the square root of v - a² - ε (wrong by the sign of ε, not a number at the
 * first steps), and its Adadelta divides by the mean square of the step before. Ours are the published formulas.
 */
const cases: readonly { config: OptimizerConfig; tfjs: () => tf.Optimizer }[] = [
  { config: "sgd", tfjs: () => tf.train.sgd(RATE) },
  { config: { name: "momentum", momentum: 0.8 }, tfjs: () => tf.train.momentum(RATE, 0.8) },
  { config: "nesterov", tfjs: () => tf.train.momentum(RATE, 0.9, true) },
  { config: { name: "adam", beta1: 0.8, beta2: 0.95 }, tfjs: () => tf.train.adam(RATE, 0.8, 0.95) },
  { config: "adamax", tfjs: () => tf.train.adamax(RATE) },
  { config: "rmsprop", tfjs: () => tf.train.rmsprop(RATE, 0.9, 0, 1e-7) },
  { config: "adagrad", tfjs: () => tf.train.adagrad(RATE) },
];

test.each(cases)("$config: 20 steps give tfjs' losses and weights", async ({ config, tfjs }) => {
  const model = tinyDense(3, "softmax");
  const session = await openOnnx({ model, optimizer: config, batchSize: COUNT });
  model.compile({ optimizer: tfjs(), loss: "categoricalCrossentropy" });
  for (let k = 0; k < 20; k++) {
    const { inputs, labels, count } = batchOf(k);
    const { loss } = await session.step({ inputs, labels, count }, RATE);
    const theirs = await model.trainOnBatch(tf.tensor(inputs, [count, 4]), tf.tensor(labels, [count, 3]));
    expect(Math.abs(loss - (theirs as number)), `step ${k}`).toBeLessThan(1e-4);
  }
  expect(distance(weightsOf(model), await arraysOf(session))).toBeLessThan(2e-4);
});
