import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { tinyResNet } from "../../testing/tiny.ts";
import { arraysOf, distance, openOnnx, tinyDense, uniform, weightsOf } from "../../testing/train.ts";
import { averagedState } from "../averaged.ts";
import type { Batch, TrainingJob } from "../engine.ts";

const COUNT = 6;
const RATE = 0.1;

const batchOf = (k: number, count = COUNT) => ({
  inputs: uniform(count * 4, 50 + k),
  labels: uniform(count * 3, 70 + k),
  count,
});

/** A regression, whose gradients are easily large. */
const job = (more: Partial<TrainingJob> = {}): TrainingJob => ({
  model: tinyDense(3, "linear"),
  optimizer: "sgd",
  loss: "meanSquaredError",
  batchSize: COUNT,
  ...more,
});

/** tfjs' gradients of a fresh model at a batch, by Keras name. */
function gradientsAt({ inputs, labels, count }: ReturnType<typeof batchOf>): Record<string, Float32Array> {
  const model = tinyDense(3, "linear");
  const x = tf.tensor(inputs, [count, 4]);
  const y = tf.tensor(labels, [count, 3]);
  const { grads } = tf.variableGrads(() => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor).asScalar());
  return Object.fromEntries(
    model.weights.map((weight) => [
      weight.originalName,
      grads[(weight.read() as tf.Variable).name]!.dataSync<"float32">().slice(),
    ]),
  );
}

/** weights - rate · change(gradient) */
function moved(
  gradients: Readonly<Record<string, Float32Array>>,
  change: (gradient: number, name: string) => number,
): Record<string, Float32Array> {
  const weights = weightsOf(tinyDense(3, "linear"));
  return Object.fromEntries(
    Object.entries(weights).map(([name, array]) => [
      name,
      array.map((value, i) => value - RATE * change(gradients[name]![i]!, name)),
    ]),
  );
}

async function afterSteps(options: Partial<TrainingJob>, batches: readonly Batch[]) {
  const session = await openOnnx(job(options));
  for (const batch of batches) await session.step(batch, RATE);
  return arraysOf(session);
}

test("clipping by value keeps every number of every gradient within its limit", async () => {
  const batch = batchOf(0);
  const wanted = moved(gradientsAt(batch), (g) => Math.min(Math.max(g, -0.05), 0.05));
  expect(distance(wanted, await afterSteps({ clipValue: 0.05 }, [batch]))).toBeLessThan(1e-6);
});

test("clipping by norm scales all gradients down together, and only where they are too long", async () => {
  const batch = batchOf(0);
  const gradients = gradientsAt(batch);
  const norm = Math.hypot(...Object.values(gradients).flatMap((array) => [...array]));
  const half = moved(gradients, (g) => g / 2);
  expect(distance(half, await afterSteps({ clipNorm: norm / 2 }, [batch]))).toBeLessThan(1e-6);
  const whole = moved(gradients, (g) => g);
  expect(distance(whole, await afterSteps({ clipNorm: norm * 2 }, [batch]))).toBeLessThan(1e-6);
});

test("learning rate factors and frozen weights", async () => {
  const batch = batchOf(0);
  const gradients = gradientsAt(batch);
  const wanted = moved(gradients, (g, name) => (name.startsWith("hidden/") ? 0 : name === "y/bias" ? g * 3 : g));
  const options = { frozen: /^hidden\//g, rateFactor: (name: string) => (name === "y/bias" ? 3 : 1) };
  expect(distance(wanted, await afterSteps(options, [batch]))).toBeLessThan(1e-6);
});

test("three small batches accumulated are one batch of all of them, twice over", async () => {
  const parts = [0, 1, 2, 3, 4, 5].map((k) => batchOf(k, 2));
  const joined = [parts.slice(0, 3), parts.slice(3)].map((group) => ({
    inputs: Float32Array.from(group.flatMap(({ inputs }) => [...inputs])),
    labels: Float32Array.from(group.flatMap(({ labels }) => [...labels])),
    count: 6,
  }));
  const whole = await afterSteps({ optimizer: "adam" }, joined);
  const accumulated = await afterSteps({ optimizer: "adam", accumulate: 3 }, parts);
  expect(distance(whole, accumulated)).toBeLessThan(1e-5);
});

test("a training that accumulates and averages goes on bit for bit from a state inside a group", async () => {
  const options = { optimizer: "adamw", accumulate: 3, ema: 0.9 } as const;
  const batches = Array.from({ length: 8 }, (_, k) => batchOf(k));
  const whole = await openOnnx(job(options));
  for (const batch of batches.slice(0, 4)) await whole.step(batch, RATE);
  const middle = await whole.state();
  for (const batch of batches.slice(4)) await whole.step(batch, RATE);
  const second = await openOnnx(job(options));
  await second.restore(middle);
  for (const batch of batches.slice(4)) await second.step(batch, RATE);
  expect(await second.state()).toEqual(await whole.state());
});

test("the average of the weights is Keras', and predictions can be made with it", async () => {
  const session = await openOnnx(job({ ema: 0.8 }));
  const { inputs, count } = batchOf(9);
  expect(await session.predict(inputs, count, { averaged: true })).toEqual(await session.predict(inputs, count));
  let average: Record<string, Float32Array> | undefined;
  for (let k = 0; k < 4; k++) {
    await session.step(batchOf(k), RATE);
    const weights = await arraysOf(session);
    const names = Object.keys(weightsOf(tinyDense(3, "linear")));
    average = Object.fromEntries(
      names.map((name) => [name, weights[name]!.map((w, i) => (average ? 0.8 * average[name]![i]! + 0.2 * w : w))]),
    );
  }
  const arrays = await arraysOf(session);
  const slots = Object.fromEntries(Object.entries(average!).map(([name, array]) => [`ema/${name}`, array]));
  expect(distance(slots, arrays)).toBeLessThan(1e-6);
  const model = tinyDense(3, "linear");
  model.setWeights(model.weights.map((w) => tf.tensor(average![w.originalName]!, w.shape.map(Number))));
  const wanted = (model.predict(tf.tensor(inputs, [count, 4])) as tf.Tensor).dataSync<"float32">();
  const averaged = await session.predict(inputs, count, { averaged: true });
  const { arrays: exported } = averagedState(await session.state());
  expect(exported["y/kernel"]!.data).toEqual(arrays["ema/y/kernel"]);
  expect(distance({ y: wanted }, { y: averaged })).toBeLessThan(1e-5);
});

test("statistics of batch normalizations are averaged as weights are, and forget faster at first", async () => {
  const [model, size] = [tinyResNet(), 8 * 8 * 3];
  const batch = (k: number) => {
    const labels = Float32Array.from({ length: 12 }, (_, i) => (i % 3 === (i + k) % 3 ? 1 : 0));
    return { inputs: uniform(4 * size, k, 0, 1), labels, count: 4 };
  };
  const session = await openOnnx({ model, optimizer: "adam", batchSize: 4, ema: 0.5, emaWarmup: true });
  const names = model.weights.map(({ originalName }) => originalName);
  let average: Record<string, Float32Array> = {};
  for (let t = 1; t <= 12; t++) {
    await session.step(batch(t), 0.01);
    const weights = await arraysOf(session);
    // TensorFlow's ExponentialMovingAverage with num_updates: min(decay, (1 + t) / (10 + t)); 1/2 from t = 8 on.
    const decay = t === 1 ? 0 : Math.min(0.5, (1 + t) / (10 + t));
    const mixed = (name: string) => weights[name]!.map((w, i) => decay * (average[name]?.[i] ?? 0) + (1 - decay) * w);
    average = Object.fromEntries(names.map((name) => [name, mixed(name)]));
  }
  const slots = Object.fromEntries(names.map((name) => [`ema/${name}`, average[name]!]));
  expect(names).toContain("bn1/moving_variance");
  expect(distance(slots, await arraysOf(session))).toBeLessThan(1e-5);

  const { inputs, count } = batch(99);
  const averaged = await session.predict(inputs, count, { averaged: true });
  const plain = await session.predict(inputs, count);
  await session.restore(averagedState(await session.state()));
  expect(distance({ y: averaged }, { y: await session.predict(inputs, count) })).toBeLessThan(1e-5);
  expect(distance({ y: averaged }, { y: plain })).toBeGreaterThan(1e-3);
});

test("a state without averages is continued with the weights as their averages", async () => {
  const plain = await openOnnx(job());
  await plain.step(batchOf(0), RATE);
  const session = await openOnnx(job({ ema: 0.9 }));
  await session.restore(await plain.state());
  const arrays = await arraysOf(session);
  expect(arrays["ema/y/kernel"]).toEqual(arrays["y/kernel"]);
});

test.each<[string, Partial<TrainingJob>]>([
  ["clipNorm (got 0, wanted a number above 0)", { clipNorm: 0 }],
  ["clipValue (got NaN, wanted a number above 0)", { clipValue: Number.NaN }],
  ["ema (got 1, wanted a number from 0 up, below 1)", { ema: 1 }],
  ["accumulate (got 1.5, wanted a number of steps from 1 up)", { accumulate: 1.5 }],
])("refused: %s", async (message, options) => {
  await expect(openOnnx(job(options))).rejects.toThrow(`update: ${message}`);
});
