import type { LossConfig, LossName } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { arraysOf, distance, openOnnx, tinyDense, uniform, weightsOf } from "../../testing/train.ts";
import type { Batch } from "../engine.ts";

const COUNT = 5;
const CLASSES = 3;
const RATE = 0.1;
const inputs = uniform(COUNT * 4, 7);
const classes = Float32Array.from({ length: COUNT }, (_, i) => (2 * i) % CLASSES);
const oneHot = Float32Array.from({ length: COUNT * CLASSES }, (_, i) =>
  i % CLASSES === classes[Math.floor(i / CLASSES)] ? 1 : 0,
);
const positive = uniform(COUNT * CLASSES, 8, 0.1, 2);
const signs = uniform(COUNT * CLASSES, 9).map((x) => (x < 0 ? -1 : 1));
const bits = signs.map((x) => (x + 1) / 2);
const row = [COUNT, CLASSES];

interface Case {
  readonly loss: LossName;
  readonly output: "linear" | "softmax" | "sigmoid";
  readonly labels: Float32Array;
  readonly shape?: readonly number[];
}

const cases: readonly Case[] = [
  { loss: "categoricalCrossentropy", output: "softmax", labels: oneHot },
  { loss: "categoricalCrossentropy", output: "sigmoid", labels: oneHot },
  { loss: "sparseCategoricalCrossentropy", output: "softmax", labels: classes, shape: [COUNT, 1] },
  { loss: "binaryCrossentropy", output: "sigmoid", labels: bits },
  { loss: "binaryCrossentropy", output: "softmax", labels: bits },
  { loss: "meanSquaredError", output: "linear", labels: positive },
  { loss: "meanAbsoluteError", output: "linear", labels: positive },
  { loss: "meanAbsolutePercentageError", output: "linear", labels: positive },
  { loss: "meanSquaredLogarithmicError", output: "sigmoid", labels: positive },
  { loss: "hinge", output: "linear", labels: signs },
  { loss: "squaredHinge", output: "linear", labels: signs },
  { loss: "categoricalHinge", output: "linear", labels: oneHot },
  { loss: "kullbackLeiblerDivergence", output: "softmax", labels: positive.map((x) => x / 4) },
  { loss: "cosineProximity", output: "linear", labels: positive },
  { loss: "poisson", output: "sigmoid", labels: positive },
  { loss: "logcosh", output: "linear", labels: positive },
];

test.each(cases)("$loss of $output: value and gradients are tfjs'", async ({ loss, output, labels, shape = row }) => {
  const model = tinyDense(CLASSES, output);
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: COUNT, loss });
  model.compile({ optimizer: tf.train.sgd(RATE), loss });
  const ours = await session.step({ inputs, labels, count: COUNT }, RATE);
  const theirs = await model.trainOnBatch(tf.tensor(inputs, [COUNT, 4]), tf.tensor(labels, [...shape]));
  expect(Math.abs(ours.loss - (theirs as number))).toBeLessThan(1e-5 * Math.max(1, Math.abs(ours.loss)));
  expect(distance(weightsOf(model), await arraysOf(session))).toBeLessThan(1e-5);
});

/** The loss of one step, and the same from tfjs tensors. */
async function lossOfStep(
  config: LossConfig,
  output: Case["output"],
  labels: Float32Array,
  more: Partial<Batch> = {},
  classWeights?: readonly number[],
) {
  const model = tinyDense(CLASSES, output);
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: COUNT, loss: config, classWeights });
  const { loss } = await session.step({ inputs, labels, count: COUNT, ...more }, RATE);
  return { loss, predictions: model.predict(tf.tensor(inputs, [COUNT, 4])) as tf.Tensor };
}

test("huber is tf.losses.huberLoss", async () => {
  const { loss, predictions } = await lossOfStep({ name: "huber", delta: 0.5 }, "linear", positive);
  const wanted = tf.losses.huberLoss(tf.tensor(positive, row), predictions, undefined, 0.5, tf.Reduction.MEAN);
  expect(loss).toBeCloseTo(wanted.dataSync()[0]!, 5);
});

test("logits and smoothed labels give tf.losses.softmaxCrossEntropy and sigmoidCrossEntropy", async () => {
  const options = { fromLogits: true, labelSmoothing: 0.2 } as const;
  const softmax = await lossOfStep({ name: "categoricalCrossentropy", ...options }, "linear", oneHot);
  const labels = tf.tensor(oneHot, row);
  const wanted = tf.losses.softmaxCrossEntropy(labels, softmax.predictions, undefined, 0.2, tf.Reduction.MEAN);
  expect(softmax.loss).toBeCloseTo(wanted.dataSync()[0]!, 5);
  const sigmoid = await lossOfStep({ name: "binaryCrossentropy", ...options }, "linear", bits);
  const bitTensor = tf.tensor(bits, row);
  const second = tf.losses.sigmoidCrossEntropy(bitTensor, sigmoid.predictions, undefined, 0.2, tf.Reduction.MEAN);
  expect(sigmoid.loss).toBeCloseTo(second.dataSync()[0]!, 5);
  const sparse = await lossOfStep({ name: "sparseCategoricalCrossentropy", ...options }, "linear", classes);
  expect(sparse.loss).toBeCloseTo(softmax.loss, 6);
});

test("class and sample weights multiply each sample's loss before the mean", async () => {
  const classWeights = [0.5, 2, 3];
  const sampleWeights = Float32Array.of(1, 0, 2, 0.5, 4);
  const { loss, predictions } = await lossOfStep(
    "categoricalCrossentropy",
    "softmax",
    oneHot,
    { sampleWeights },
    classWeights,
  );
  const rows = tf.metrics.categoricalCrossentropy(tf.tensor(oneHot, row), predictions).dataSync<"float32">();
  const wanted = rows.reduce((sum, each, i) => sum + each * sampleWeights[i]! * classWeights[classes[i]!]!, 0) / COUNT;
  expect(loss).toBeCloseTo(wanted, 5);
  const sparse = await lossOfStep("sparseCategoricalCrossentropy", "softmax", classes, { sampleWeights }, classWeights);
  expect(sparse.loss).toBeCloseTo(wanted, 5);
});

test("class weights of labels shared by classes count by their shares", async () => {
  const classWeights = [0.5, 2, 3];
  const mixed = Float32Array.from(oneHot, (value, i) => 0.75 * value + (i % CLASSES === 1 ? 0.25 : 0));
  const { loss, predictions } = await lossOfStep("categoricalCrossentropy", "softmax", mixed, {}, classWeights);
  const rows = tf.metrics.categoricalCrossentropy(tf.tensor(mixed, row), predictions).dataSync<"float32">();
  const weights = classes.map((label) => 0.75 * classWeights[label]! + 0.25 * 2);
  expect(loss).toBeCloseTo(rows.reduce((sum, each, i) => sum + each * weights[i]!, 0) / COUNT, 5);
});

test("labels, weights and names that don't fit are refused", async () => {
  const model = tinyDense(CLASSES, "softmax");
  const sparse = await openOnnx({
    model,
    optimizer: "sgd",
    batchSize: COUNT,
    loss: "sparseCategoricalCrossentropy",
  });
  const step = (batch: Partial<Batch>) => sparse.step({ inputs, labels: classes, count: COUNT, ...batch }, RATE);
  await expect(step({ labels: Float32Array.of(0, 1, 2, 3, 0) })).rejects.toThrow(
    'labels: a class number of "y" (got 3, wanted whole numbers from 0 to 2)',
  );
  await expect(step({ inputs: inputs.subarray(1) })).rejects.toThrow(
    'inputs: numbers for "x" (got 19, wanted 20 for [5,4])',
  );
  await expect(step({ labels: { z: classes } })).rejects.toThrow(
    "labels: a name that the model doesn't have (got z, wanted y)",
  );
  await expect(step({ sampleWeights: Float32Array.of(1) })).rejects.toThrow(
    "sample weights: numbers (got 1, wanted 5)",
  );
  const job = { model, optimizer: "sgd", batchSize: COUNT, classWeights: [1, 2] } as const;
  await expect(openOnnx(job)).rejects.toThrow("class weights: they don't fit the model's outputs");
  await expect(openOnnx({ ...job, loss: "hing" as "hinge" })).rejects.toThrow("loss: unknown name (got hing");
});
