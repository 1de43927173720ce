import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { arraysOf, openOnnx, seedWeights, uniform, weightsOf } from "../../testing/train.ts";
import type { Batch, TrainingSession } from "../engine.ts";
import { FedBackState } from "./fed-back-state.ts";
import { HostState } from "./host-state.ts";
import type { Runtime } from "./runtime.ts";

/** A convolution of 2x2 maps, whose kernel steps take in pieces. */
function model(): tf.LayersModel {
  const x = tf.input({ name: "x", shape: [2, 2, 64] });
  const conv = tf.layers.conv2d({ name: "conv", filters: 64, kernelSize: 3, padding: "same", activation: "relu" });
  const flat = tf.layers.flatten({ name: "flat" }).apply(conv.apply(x)) as tf.SymbolicTensor;
  const y = tf.layers.dense({ name: "y", units: 3, activation: "softmax" }).apply(flat) as tf.SymbolicTensor;
  return seedWeights(tf.model({ inputs: x, outputs: y, name: "maps" }));
}

const STEPS = 6;
/** Batches of five and of three rows in turn: two graphs over one state. */
function batchOf(k: number): Batch {
  const count = k % 2 === 0 ? 5 : 3;
  const labels = Float32Array.from({ length: 3 * count }, (_, i) => (i % 3 === (Math.floor(i / 3) + k) % 3 ? 1 : 0));
  return { inputs: uniform(256 * count, k, -0.05, 0.05), labels, count };
}

async function trained(session: TrainingSession) {
  const seen: Float32Array[] = [];
  for (let k = 0; k < STEPS; k++) {
    const batch = batchOf(k);
    const { loss, predictions } = await session.step(batch, 0.001);
    seen.push(Float32Array.of(loss), predictions, await session.predict(batch.inputs, batch.count));
  }
  return { seen, arrays: await arraysOf(session) };
}

const job = { optimizer: "adam", batchSize: 5, ema: 0.9 } as const;

const stores = {
  "two sets of arrays": (runtime: Runtime) => new HostState(runtime),
  "arrays fed back": (runtime: Runtime) => new FedBackState(runtime, "host"),
};
test.each(Object.entries(stores))("%s: training in pieces is tfjs' training", async (_, stateOn) => {
  const theirs = model();
  const { seen, arrays } = await trained(await openOnnx({ ...job, model: model() }, "cpu", stateOn));
  expect(Object.keys(arrays).sort()).toEqual(
    ["conv/kernel", "conv/bias", "y/kernel", "y/bias"]
      .flatMap((name) => [name, `m/${name}`, `v/${name}`, `ema/${name}`])
      .sort(),
  );
  theirs.compile({ optimizer: tf.train.adam(0.001, 0.9, 0.999, 1e-7), loss: "categoricalCrossentropy" });
  for (let k = 0; k < STEPS; k++) {
    const { inputs, labels, count } = batchOf(k);
    const [x, y] = [
      tf.tensor4d(inputs as Float32Array, [count, 2, 2, 64]),
      tf.tensor2d(labels as Float32Array, [count, 3]),
    ];
    const loss = (await theirs.trainOnBatch(x, y)) as number;
    expect(Math.abs(seen[3 * k]![0]! - loss), `step ${k}`).toBeLessThan(1e-4 * (1 + loss));
  }
  for (const [name, weight] of Object.entries(weightsOf(theirs)))
    for (const [i, value] of weight.entries())
      if (Math.abs(arrays[name]![i]! - value) > 1e-3) expect.fail(`${name} ${i}`);
});

test("a state goes on in another session", async () => {
  const first = await openOnnx({ ...job, model: model() });
  for (let k = 0; k < 3; k++) await first.step(batchOf(k), 0.001);
  const second = await openOnnx({ ...job, model: model() });
  await second.restore(await first.state());
  for (let k = 3; k < STEPS; k++)
    expect((await second.step(batchOf(k), 0.001)).loss).toBe((await first.step(batchOf(k), 0.001)).loss);
  expect(await arraysOf(second)).toEqual(await arraysOf(first));
});
