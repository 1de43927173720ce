import type { LossConfig, LossName } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { stepLikeTfjs } from "../../testing/step-like-tfjs.ts";
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

interface Trial {
  readonly loss: LossConfig;
  readonly output: Case["output"];
  readonly labels: Float32Array;
  readonly classWeights?: readonly number[];
  readonly sampleWeights?: Float32Array;
  /** The loss of what the model predicts, by tfjs. */
  wanted(predictions: tf.Tensor): tf.Tensor;
}

const CLASS_WEIGHTS = [0.5, 2, 3];
const SAMPLE_WEIGHTS = Float32Array.of(1, 0, 2, 0.5, 4);
const mixed = oneHot.map((value, i) => 0.75 * value + (i % CLASSES === 1 ? 0.25 : 0));
const smoothed = { fromLogits: true, labelSmoothing: 0.2 } as const;
const { MEAN } = tf.Reduction;
const softmaxLoss = (y: tf.Tensor) => tf.losses.softmaxCrossEntropy(tf.tensor(oneHot, row), y, undefined, 0.2, MEAN);
const weighted = (labels: Float32Array, weights: Float32Array) => (y: tf.Tensor) =>
  tf.metrics.categoricalCrossentropy(tf.tensor(labels, row), y).mul(tf.tensor(weights)).sum().div(COUNT);
const classWeighted = weighted(
  oneHot,
  SAMPLE_WEIGHTS.map((weight, i) => weight * CLASS_WEIGHTS[classes[i]!]!),
);

const trials: Record<string, Trial> = {
  "huber is tf.losses.huberLoss": {
    loss: { name: "huber", delta: 0.5 },
    output: "linear",
    labels: positive,
    wanted: (y) => tf.losses.huberLoss(tf.tensor(positive, row), y, undefined, 0.5, MEAN),
  },
  "logits and smoothed labels give tf.losses.softmaxCrossEntropy": {
    loss: { name: "categoricalCrossentropy", ...smoothed },
    output: "linear",
    labels: oneHot,
    wanted: softmaxLoss,
  },
  "logits and smoothed class numbers do too": {
    loss: { name: "sparseCategoricalCrossentropy", ...smoothed },
    output: "linear",
    labels: classes,
    wanted: softmaxLoss,
  },
  "logits and smoothed bits give tf.losses.sigmoidCrossEntropy": {
    loss: { name: "binaryCrossentropy", ...smoothed },
    output: "linear",
    labels: bits,
    wanted: (y) => tf.losses.sigmoidCrossEntropy(tf.tensor(bits, row), y, undefined, 0.2, MEAN),
  },
  "smoothed labels of probabilities": {
    loss: { name: "categoricalCrossentropy", labelSmoothing: 0.2 },
    output: "softmax",
    labels: oneHot,
    wanted: (y) =>
      tf.metrics
        .categoricalCrossentropy(
          tf
            .tensor(oneHot, row)
            .mul(0.8)
            .add(0.2 / CLASSES),
          y,
        )
        .mean(),
  },
  "sample weights multiply each sample's loss before the mean": {
    loss: "categoricalCrossentropy",
    output: "softmax",
    labels: oneHot,
    sampleWeights: SAMPLE_WEIGHTS,
    wanted: weighted(oneHot, SAMPLE_WEIGHTS),
  },
  "class weights too": {
    loss: "categoricalCrossentropy",
    output: "softmax",
    labels: oneHot,
    classWeights: CLASS_WEIGHTS,
    sampleWeights: SAMPLE_WEIGHTS,
    wanted: classWeighted,
  },
  "class weights of class numbers too": {
    loss: "sparseCategoricalCrossentropy",
    output: "softmax",
    labels: classes,
    classWeights: CLASS_WEIGHTS,
    sampleWeights: SAMPLE_WEIGHTS,
    wanted: classWeighted,
  },
  "class weights of labels shared by classes count by their shares": {
    loss: "categoricalCrossentropy",
    output: "softmax",
    labels: mixed,
    classWeights: CLASS_WEIGHTS,
    wanted: weighted(
      mixed,
      classes.map((label) => 0.75 * CLASS_WEIGHTS[label]! + 0.25 * CLASS_WEIGHTS[1]!),
    ),
  },
};

test.each(Object.entries(trials))("%s: value and gradients", async (story, trial) => {
  const { loss, output, labels, classWeights, sampleWeights, wanted } = trial;
  const model = tinyDense(CLASSES, output);
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: COUNT, loss, classWeights });
  const batch = { inputs, labels, count: COUNT, sampleWeights };
  await stepLikeTfjs(session, batch, {
    model,
    loss: () => wanted(model.apply(tf.tensor(inputs, [COUNT, 4]), { training: true }) as tf.Tensor).asScalar(),
    story,
  });
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
