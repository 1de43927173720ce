// Evaluation of a batch, against tfjs' model.evaluate and formulas written out here.
import type { LossName } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { tinyResNet } from "../testing/tiny.ts";
import { openOnnx, seedWeights, tinyDense, uniform } from "../testing/train.ts";
import type { Batch, TrainingJob, TrainingSession } from "./engine.ts";
import { inGrey, lumaOf } from "./in-grey.ts";
import { TfjsSession } from "./tfjs/session.ts";

const CLASSES = 3;
/** More than the largest batch of a step. */
const COUNT = 11;

const engines: Record<string, (job: TrainingJob) => Promise<TrainingSession>> = {
  onnx: (job) => openOnnx(job),
  tfjs: (job) => TfjsSession.open(job),
};
const names = Object.keys(engines);

const oneHot = (count: number): Float32Array =>
  Float32Array.from({ length: count * CLASSES }, (_, i) => Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES));
const pictures = (count: number, seed = 7): Batch => {
  return { inputs: uniform(count * 8 * 8 * 3, seed, 0, 1), labels: oneHot(count), count };
};

/** The tfjs model with a state's weights. */
async function withWeightsOf(session: TrainingSession, model: tf.LayersModel): Promise<tf.LayersModel> {
  const { arrays } = await session.state();
  for (const weight of model.weights) {
    const { data, dims } = arrays[weight.originalName]!;
    weight.write(tf.tensor(data, [...dims]));
  }
  return model;
}

const lossBy = (model: tf.LayersModel, loss: LossName, x: tf.Tensor, y: tf.Tensor): number => {
  model.compile({ optimizer: "sgd", loss });
  return (model.evaluate(x, y, { batchSize: x.shape[0]! }) as tf.Scalar).dataSync()[0]!; // one number without metrics
};

test.each(names)("%s: a ResNet between steps, as model.evaluate; the state stays to the bit", async (engine) => {
  const session = await engines[engine]!({ model: tinyResNet(), optimizer: "adam", batchSize: 4 });
  for (let k = 0; k < 3; k++) await session.step(pictures(4, k), 0.01);
  const before = await session.state();
  const batch = pictures(COUNT);
  const { loss, predictions, outputs } = await session.evaluate(batch);
  expect(await session.state()).toEqual(before);
  const x = tf.tensor(batch.inputs as Float32Array, [COUNT, 8, 8, 3]);
  const y = tf.tensor(batch.labels as Float32Array, [COUNT, CLASSES]);
  const model = await withWeightsOf(session, tinyResNet());
  expect(loss).toBeCloseTo(lossBy(model, "categoricalCrossentropy", x, y), 5);
  const wanted = (model.predict(x) as tf.Tensor).dataSync();
  for (const [i, p] of predictions.entries()) expect(p).toBeCloseTo(wanted[i]!, 5);
  expect(predictions).toHaveLength(COUNT * CLASSES);
  expect(outputs).toEqual({ fc: predictions });
  await session.step(pictures(4, 9), 0.01);
  expect((await session.evaluate(batch)).loss).not.toBe(loss);
  await session.dispose();
});

test.each(names)("%s: the mean squared error of one sample; dropout is off", async (engine) => {
  const model = tf.sequential({ name: "dropout" });
  model.add(tf.layers.dense({ name: "hidden", units: 6, inputShape: [4], activation: "tanh" }));
  model.add(tf.layers.dropout({ name: "dropout", rate: 0.5 }));
  model.add(tf.layers.dense({ name: "y", units: 2 }));
  seedWeights(model);
  const session = await engines[engine]!({ model, optimizer: "sgd", batchSize: 8, loss: "meanSquaredError" });
  const [inputs, labels] = [uniform(4, 1), uniform(2, 2)];
  const { loss } = await session.evaluate({ inputs, labels, count: 1 });
  expect(loss).toBeCloseTo(lossBy(model, "meanSquaredError", tf.tensor(inputs, [1, 4]), tf.tensor(labels, [1, 2])), 5);
  await session.dispose();
});

test.each(names)("%s: sample weights multiply before the mean, averages stand for weights", async (engine) => {
  const job = { model: tinyDense(CLASSES, "softmax"), optimizer: "sgd", batchSize: 4, ema: 0.5 } as const;
  const session = await engines[engine]!(job);
  const batch = { inputs: uniform(16, 7), labels: oneHot(4), count: 4 };
  for (let k = 0; k < 3; k++) await session.step(batch, 0.5);
  const sampleWeights = Float32Array.of(1, 0, 2, 0.5);
  for (const averaged of [false, true]) {
    const { loss, predictions } = await session.evaluate({ ...batch, sampleWeights }, { averaged });
    expect(predictions).toEqual(await session.predict(batch.inputs, 4, { averaged }));
    const rows = [0, 1, 2, 0].map((label, row) => -Math.log(predictions[row * CLASSES + label]!));
    expect(loss).toBeCloseTo(rows.reduce((sum, each, row) => sum + each * sampleWeights[row]!, 0) / 4, 5);
  }
  const [plain, averaged] = [await session.evaluate(batch), await session.evaluate(batch, { averaged: true })];
  expect(plain.loss).not.toBeCloseTo(averaged.loss, 5);
  await session.dispose();
});

test("two outputs: each output's mean by its loss, times its share", async () => {
  const input = tf.input({ shape: [4], name: "x" });
  const kind = tf.layers.dense({ name: "kind", units: CLASSES, activation: "softmax" }).apply(input);
  const place = tf.layers.dense({ name: "place", units: 2 }).apply(input);
  const model = tf.model({ inputs: input, outputs: [kind, place] as tf.SymbolicTensor[], name: "two" });
  const session = await openOnnx({
    model: seedWeights(model),
    optimizer: "sgd",
    batchSize: 4,
    losses: { place: "meanSquaredError" },
    lossWeights: { place: 0.3 },
    saveMemory: true,
  });
  const labels = { kind: oneHot(COUNT), place: uniform(COUNT * 2, 5) };
  const inputs = uniform(COUNT * 4, 6);
  const { loss, outputs, predictions } = await session.evaluate({ inputs, labels, count: COUNT });
  const wanted = (model.predict(tf.tensor(inputs, [COUNT, 4])) as tf.Tensor[]).map((each) =>
    each.dataSync<"float32">(),
  );
  const cross = wanted[0]!.reduce((sum, p, i) => sum - labels.kind[i]! * Math.log(p), 0) / COUNT;
  const squares = wanted[1]!.reduce((sum, v, i) => sum + (v - labels.place[i]!) ** 2, 0) / (COUNT * 2);
  expect(loss).toBeCloseTo(cross + 0.3 * squares, 5);
  expect(predictions).toEqual(outputs.kind);
  for (const [i, value] of outputs.place!.entries()) expect(value).toBeCloseTo(wanted[1]![i]!, 5);
});

test("class weights count as in a step", async () => {
  const classWeights = [0.5, 2, 3];
  const session = await openOnnx({ model: tinyDense(3, "softmax"), optimizer: "sgd", batchSize: 4, classWeights });
  const batch = { inputs: uniform(16, 7), labels: oneHot(4), count: 4 };
  const { loss } = await session.evaluate(batch);
  expect((await session.step(batch, 0.1)).loss).toBeCloseTo(loss, 6); // nothing here works otherwise in training
});

test("a session of grey pictures evaluates RGB ones as their luma", async () => {
  const model = tf.sequential({ name: "grey" });
  model.add(tf.layers.flatten({ name: "flat", inputShape: [8, 8, 1] }));
  model.add(tf.layers.dense({ name: "y", units: CLASSES, activation: "softmax" }));
  const session = await openOnnx({ model, optimizer: "sgd", batchSize: 4 });
  const batch = pictures(4);
  const grey = await session.evaluate({ ...batch, inputs: lumaOf(batch.inputs as Float32Array) });
  expect(await inGrey(session).evaluate(batch)).toEqual(grey);
});
