import { artifactsOf } from "@resonnx/export";
import { type KerasOptimizerName, readKerasTraining, writeKerasH5 } from "@resonnx/keras";
import { type OptimizerConfig, slotName } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import type { Batch, TrainingState } from "../../../engines/engine.ts";
import { openOnnx, seedWeights, uniform } from "../../../testing/train.ts";
import { fromKerasTraining, kerasCompile } from "./keras-compile.ts";
import { withWeights } from "./model-forms.ts";

const COUNT = 4;

function tiny(): tf.LayersModel {
  const input = tf.input({ name: "rows", shape: [3] });
  const hidden = tf.layers.dense({ name: "hidden", units: 4, activation: "tanh" }).apply(input);
  const output = tf.layers.dense({ name: "fc", units: 2, activation: "softmax" }).apply(hidden);
  return seedWeights(tf.model({ name: "tiny", inputs: input, outputs: output as tf.SymbolicTensor }));
}

function batch(seed: number): Batch {
  const labels = Float32Array.from({ length: 2 * COUNT }, (_, i) => Number(i % 4 === 1 || i % 4 === 2));
  return { inputs: uniform(COUNT * 3, seed), labels, count: COUNT };
}

const kernel = ({ arrays }: TrainingState) => [...arrays["fc/kernel"]!.data];
const close = (got: Iterable<number>, wanted: readonly number[]) =>
  [...got].forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-6 + 1e-5 * Math.abs(wanted[i]!));
  });

/** What Keras' arrays are after the first step, by the gradient (the `update_step` of each class in keras/src/optimizers). */
const afterOneStep: readonly [OptimizerConfig, Record<string, (gradient: number) => number>][] = [
  ["adam", { momentum: (g) => 0.1 * g, velocity: (g) => 0.001 * g * g }],
  [
    { name: "adamw", beta1: 0.8 },
    { momentum: (g) => 0.2 * g, velocity: (g) => 0.001 * g * g },
  ],
  ["adamax", { momentum: (g) => 0.1 * g, norm: Math.abs }],
  ["lion", { momentum: (g) => 0.01 * g }],
  ["momentum", { momentum: (g) => -0.05 * g }],
  ["nesterov", { momentum: (g) => -0.05 * g }],
  [
    { name: "rmsprop", momentum: 0.5, centered: true },
    { velocity: (g) => 0.1 * g * g, average_gradient: (g) => 0.1 * g },
  ],
  ["adagrad", { accumulator: (g) => 0.1 + g * g }],
  ["adadelta", { accumulated_grad: (g) => 0.05 * g * g }],
];

test.for(afterOneStep)("%s: the state is Keras', and comes back from its file", async ([optimizer, formulas]) => {
  const learningRate = 0.05;
  const model = tiny();
  const plain = await openOnnx({ model, optimizer: "sgd", batchSize: COUNT });
  const before = kernel(await plain.state());
  await plain.step(batch(1), 1);
  const gradient = kernel(await plain.state()).map((after, i) => before[i]! - after);

  const session = await openOnnx({ model, optimizer, batchSize: COUNT });
  await session.step(batch(1), learningRate);
  const state = await session.state();
  const compile = kerasCompile({ optimizer, learningRate }, state);
  for (const [slot, formula] of Object.entries(formulas)) {
    const arrays: Readonly<Record<string, Readonly<Record<string, Float32Array>>>> = compile.optimizer.state!.arrays;
    close(arrays[slot]!["fc/kernel"]!, gradient.map(formula));
  }

  const bytes = await writeKerasH5(withWeights(await artifactsOf(model), state), { compile });
  const training = await readKerasTraining(bytes);
  const weights = Object.fromEntries(
    model.weights.map(({ originalName }) => [originalName, state.arrays[originalName]!]),
  );
  const continued = fromKerasTraining(training!, weights);
  expect(continued).toMatchObject({ learningRate, state: { step: 1 } });
  const again = await openOnnx({ model, optimizer: continued.optimizer, batchSize: COUNT });
  await again.restore(continued.state);
  await again.step(batch(2), continued.learningRate);
  await session.step(batch(2), learningRate);
  close(kernel(await again.state()), kernel(await session.state()));
});

/** Where nothing is kept of earlier steps and nothing added, each of these divides the gradient by its size. */
test.each<[KerasOptimizerName, readonly string[], number]>([
  ["Adagrad", ["initial_accumulator_value", "epsilon"], 1],
  ["Adam", ["beta_1", "beta_2", "epsilon"], 2],
  ["Adamax", ["beta_1", "beta_2", "epsilon"], 2],
  ["AdamW", ["beta_1", "beta_2", "epsilon", "weight_decay"], 2],
  ["RMSprop", ["rho", "epsilon"], 2],
])("%s: settings that are 0 in Keras are 0 here", async (className, zeros, steps) => {
  const learningRate = 1 / 64;
  const zero = Object.fromEntries(zeros.map((key) => [key, 0]));
  const config = { learning_rate: learningRate, momentum: 0, centered: false, ...zero };
  const { optimizer } = fromKerasTraining({ optimizer: { className, config }, loss: "mse", metrics: [] }, {});
  const session = await openOnnx({ model: tiny(), optimizer, batchSize: COUNT });
  for (let step = 0; step < steps; step++) {
    const before = kernel(await session.state());
    await session.step(batch(step), learningRate);
    const moves = kernel(await session.state()).map((after, i) => Math.abs(after - before[i]!));
    close(
      moves,
      moves.map(() => learningRate),
    );
  }
});

test("settings of Keras that no engine has are refused", () => {
  const training = (config: object) => ({
    optimizer: { className: "Adam", config: { learning_rate: 0.1, ...config } } as const,
    loss: "mse",
    metrics: [],
  });
  const foreign = { amsgrad: true, clipnorm: 1, clipvalue: 0.5, decay: 1e-6, global_clipnorm: 1, use_ema: true };
  for (const [key, value] of Object.entries({ ...foreign, gradient_accumulation_steps: 4 }))
    expect(() => fromKerasTraining(training({ [key]: value }), {})).toThrow(`can't go on as in Keras (got ${key}`);
  const idle = { amsgrad: false, clipnorm: null, decay: 0, use_ema: false, ema_momentum: 0.99 };
  expect(fromKerasTraining(training(idle), {}).optimizer).toEqual({ name: "adam" });
  const schedule = { class_name: "CosineDecay", config: {} };
  expect(() => fromKerasTraining(training({ learning_rate: schedule }), {})).toThrow(/follows a schedule/);
});

test("without a state training begins with the weights", () => {
  const weights = { "fc/kernel": { dims: [1], data: Float32Array.of(2) } };
  const optimizer = { className: "SGD", config: { learning_rate: 0.1, momentum: 0.8, nesterov: true } } as const;
  const continued = fromKerasTraining({ optimizer, loss: "mse", metrics: [] }, weights);
  expect(continued).toEqual({
    optimizer: { name: "nesterov", momentum: 0.8 },
    learningRate: 0.1,
    state: { step: 0, arrays: weights },
  });
  expect(continued.state.arrays[slotName("velocity", "fc/kernel")]).toBeUndefined();
});
