import * as tf from "@tensorflow/tfjs";
import { afterEach, expect, test } from "vitest";
import type { Batch, TrainingSession } from "../../../engines/engine.ts";
import { tinyResNet, tinySplit } from "../../../testing/tiny.ts";
import { Batches } from "../../../train/batches.ts";
import { recipes } from "../../../train/recipe.ts";
import { OnnxEngine } from "../onnx/onnx-engine.ts";
import { tfjsEngine } from "./tfjs-engine.ts";

const BATCH = 8;
const batches = new Batches({
  split: tinySplit(44, 3),
  size: { width: 8, height: 8 },
  classes: 3,
  batchSize: BATCH,
  seed: 5,
  recipe: recipes.tutorial,
});
const batchOf = async (k: number): Promise<Batch> =>
  (await batches.at(Math.floor(k / batches.steps), k % batches.steps)).batch;

async function losses(session: TrainingSession, from: number, to: number): Promise<number[]> {
  const result: number[] = [];
  for (let k = from; k < to; k++) result.push((await session.step(await batchOf(k), 0.01)).loss);
  return result;
}

const opened: TrainingSession[] = [];
async function open(optimizer: "adam" | "momentum" | "sgd" = "adam"): Promise<TrainingSession> {
  const session = await (await tfjsEngine("tfjs", "test")).open({ model: tinyResNet(), optimizer, batchSize: BATCH });
  opened.push(session);
  return session;
}
afterEach(async () => {
  for (const session of opened.splice(0)) await session.dispose();
});

test.each(["adam", "momentum", "sgd"] as const)(
  "%s: the same losses, weights and names as the onnx engine",
  async (optimizer) => {
    const ours = await open(optimizer);
    const onnx = await new OnnxEngine("cpu", "test").open({ model: tinyResNet(), optimizer, batchSize: BATCH });
    opened.push(onnx);
    const [tfjsLosses, onnxLosses] = [await losses(ours, 0, 7), await losses(onnx, 0, 7)];
    for (const [k, loss] of onnxLosses.entries()) expect(tfjsLosses[k]! / loss, `step ${k}`).toBeCloseTo(1, 4);

    const [ourState, onnxState] = [await ours.state(), await onnx.state()];
    expect(ourState.step).toBe(7);
    expect(Object.keys(ourState.arrays).sort()).toEqual(Object.keys(onnxState.arrays).sort());
    for (const name of ["conv2/kernel", "bn2/gamma", "bn1/moving_variance", "fc/kernel"]) {
      const [got, wanted] = [ourState.arrays[name]!, onnxState.arrays[name]!];
      expect(got.dims).toEqual(wanted.dims);
      got.data.forEach((value, i) => {
        expect(Math.abs(value - wanted.data[i]!), name).toBeLessThan(1e-3);
      });
    }
    // A checkpoint of one engine continues on the other.
    await ours.restore(onnxState);
    const { inputs, count } = await batchOf(5);
    const [tfjsScores, onnxScores] = [await ours.predict(inputs, count), await onnx.predict(inputs, count)];
    expect(count).toBe(4);
    expect(tfjsScores).toHaveLength(12);
    tfjsScores.forEach((score, i) => {
      expect(Math.abs(score - onnxScores[i]!)).toBeLessThan(1e-5);
    });
    expect((await losses(ours, 7, 8))[0]! / (await losses(onnx, 7, 8))[0]!).toBeCloseTo(1, 4);
  },
);

test("the same moving averages as the onnx engine, and predictions with them", async () => {
  const job = { model: tinyResNet(), optimizer: "sgd", batchSize: BATCH, ema: 0.7, emaWarmup: true } as const;
  const ours = await (await tfjsEngine("tfjs", "test")).open(job);
  const onnx = await new OnnxEngine("cpu", "test").open(job);
  opened.push(ours, onnx);
  await losses(ours, 0, 5);
  await losses(onnx, 0, 5);
  const [ourState, onnxState] = [await ours.state(), await onnx.state()];
  expect(Object.keys(ourState.arrays).sort()).toEqual(Object.keys(onnxState.arrays).sort());
  const { inputs, count } = await batchOf(0);
  const close = (a: Float32Array, b: Float32Array) => a.every((value, i) => Math.abs(value - b[i]!) < 1e-4);
  for (const name of ["ema/fc/kernel", "ema/bn1/moving_variance"])
    expect(close(ourState.arrays[name]!.data, onnxState.arrays[name]!.data), name).toBe(true);
  const averaged = await ours.predict(inputs, count, { averaged: true });
  expect(close(averaged, await onnx.predict(inputs, count, { averaged: true }))).toBe(true);
  const plain = await ours.predict(inputs, count);
  expect(close(plain, await onnx.predict(inputs, count))).toBe(true);
  expect(close(plain, averaged)).toBe(false);
});

test("steps, predictions and states keep no tensors; dispose frees all; the job's model stays as it was", async () => {
  await tf.setBackend("cpu");
  const model = tinyResNet();
  const before = model.getWeights().map((weight) => [...weight.dataSync()]);
  const start = tf.memory().numTensors;
  const session = await (await tfjsEngine("tfjs", "test")).open({ model, optimizer: "adam", batchSize: BATCH });
  await losses(session, 0, 1);
  const { numTensors } = tf.memory();
  for (let k = 1; k < 4; k++) {
    await losses(session, k, k + 1);
    await session.predict((await batchOf(k)).inputs, BATCH);
    await session.restore(await session.state());
    expect(tf.memory().numTensors).toBe(numTensors);
  }
  await session.dispose();
  expect(tf.memory().numTensors).toBe(start);
  expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
});

test("restored in another session, training goes on bit for bit", async () => {
  const whole = await open();
  await losses(whole, 0, 3);
  const middle = await whole.state();
  const expected = await losses(whole, 3, 6);
  const second = await open();
  await second.restore(middle);
  expect(await losses(second, 3, 6)).toEqual(expected);
});

test("calls that nobody awaits are answered in their order", async () => {
  const [awaited, hurried] = [await open(), await open()];
  const expected = await losses(awaited, 0, 3);
  const made = await Promise.all([0, 1, 2].map(batchOf));
  const [steps, state] = await Promise.all([
    Promise.all(made.map((batch) => hurried.step(batch, 0.01))),
    hurried.state(),
  ]);
  expect(steps.map(({ loss }) => loss)).toEqual(expected);
  expect(state).toEqual(await awaited.state());
});

test("a state of another model and a loss that is no number are refused", async () => {
  const session = await open();
  const { step, arrays } = await session.state();
  const { "fc/bias": _, ...rest } = arrays;
  await expect(session.restore({ step, arrays: rest })).rejects.toThrow(
    '"fc/bias" does not fit this model and optimizer',
  );
  const extra = { ...arrays, "velocity/fc/bias": arrays["fc/bias"]! };
  await expect(session.restore({ step, arrays: extra })).rejects.toMatchObject({ code: "bad-input" });
  const batch = await batchOf(0);
  const broken = { ...batch, labels: new Float32Array(BATCH * 3).fill(Number.NaN) };
  await expect(session.step(broken, 0.01)).rejects.toThrow("step 1: the loss is not a finite number");
});

test("what only the onnx engine does is refused by name", async () => {
  const engine = await tfjsEngine("tfjs", "test");
  const job = { model: tinyResNet(), optimizer: "sgd", batchSize: 8 } as const;
  await expect(engine.open({ ...job, classWeights: [1, 2, 3] })).rejects.toThrow("no training with class weights");
  const { numTensors } = tf.memory();
  await expect(engine.open({ ...job, loss: "hinge" })).rejects.toMatchObject({ code: "unsupported" });
  const model = tf.sequential();
  const penalty = { kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }) };
  model.add(tf.layers.dense({ name: "wide", units: 3, inputShape: [2], ...penalty }));
  await expect(engine.open({ ...job, model })).rejects.toThrow(
    "regularizers or constraints (got wide (kernel_regularizer)",
  );
  model.getLayer("wide").trainable = false;
  model.add(tf.layers.dense({ name: "top", units: 3, activation: "softmax" }));
  await (await engine.open({ ...job, model })).dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(numTensors);
});
