import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { glorotUniform } from "../initializers/glorot-uniform.ts";
import { convolutionalBlock, identityBlock } from "../models/residual-block.ts";
import { tinySplit } from "../testing/tiny.ts";
import { openOnnx } from "../testing/train.ts";
import { Batches } from "../train/batches.ts";
import { recipes } from "../train/recipe.ts";
import type { Device, TrainingSession } from "./engine.ts";

/*
 * One seed, one course of training: the graphs for the CPU and for WebGPU (here on the CPU), and tfjs with its own
 * gradients and optimizers. ResNet50 itself against tfjs-node: bench/same-losses.mjs.
 */

const STEPS = 20;
const BATCH = 8;
const size = { width: 8, height: 8 };
/** Epochs of 6 batches, the last of which is smaller. */
const batches = new Batches({
  split: tinySplit(44, 3),
  size,
  classes: 3,
  batchSize: BATCH,
  seed: 5,
  recipe: recipes.tutorial,
});
const batchOf = async (k: number) => (await batches.at(Math.floor(k / batches.steps), k % batches.steps)).batch;

const one = (layer: tf.layers.Layer, x: tf.SymbolicTensor): tf.SymbolicTensor => layer.apply(x) as tf.SymbolicTensor; // symbols in, symbols out

/** ResNet50's stem with a ReLU, its two kinds of blocks in two stages, and its head, with few channels. */
function smallResNet(): tf.LayersModel {
  const input = tf.input({ name: "input_1", shape: [8, 8, 3] });
  let x = one(tf.layers.zeroPadding2d({ name: "pad", padding: 3 }), input);
  const stem = { name: "conv1", filters: 4, kernelSize: 7, kernelInitializer: glorotUniform({ seed: 1 }) };
  x = one(tf.layers.conv2d(stem), x);
  x = one(tf.layers.batchNormalization({ name: "bn_conv1" }), x);
  x = one(tf.layers.reLU({ name: "relu" }), x);
  x = one(tf.layers.maxPooling2d({ name: "pool", poolSize: 3, strides: 2 }), x);
  const place = { kernelSize: 3, seed: 2 };
  x = convolutionalBlock(x, { ...place, filters: [2, 2, 8], stage: 2, block: "a", strides: 1 });
  x = identityBlock(x, { ...place, filters: [2, 2, 8], stage: 2, block: "b" });
  x = convolutionalBlock(x, { ...place, filters: [4, 4, 12], stage: 3, block: "a" });
  x = one(tf.layers.averagePooling2d({ name: "avg", poolSize: 2, padding: "same" }), x);
  x = one(tf.layers.flatten({ name: "flatten" }), x);
  const head = { name: "fc3", units: 3, kernelInitializer: glorotUniform({ seed: 3 }) };
  return tf.model({ inputs: input, outputs: one(tf.layers.dense({ ...head, activation: "softmax" }), x) });
}

const optimizers = {
  momentum: { rate: 0.002, theirs: () => tf.train.momentum(0.002, 0.9) },
  adam: { rate: 0.001, theirs: () => tf.train.adam(0.001) },
} as const;
type Name = keyof typeof optimizers;
const names = Object.keys(optimizers) as Name[];

async function run(session: TrainingSession, rate: number): Promise<number[]> {
  const losses: number[] = [];
  for (let k = 0; k < STEPS; k++) losses.push((await session.step(await batchOf(k), rate)).loss);
  return losses;
}

const ours = async (optimizer: Name, device: Device): Promise<number[]> =>
  run(await openOnnx({ model: smallResNet(), optimizer, batchSize: BATCH }, device), optimizers[optimizer].rate);

async function theirs(optimizer: Name): Promise<number[]> {
  const model = smallResNet();
  model.compile({ optimizer: optimizers[optimizer].theirs(), loss: "categoricalCrossentropy" });
  const losses: number[] = [];
  for (let k = 0; k < STEPS; k++) {
    const { inputs, labels, count } = await batchOf(k);
    const [x, y] = [tf.tensor4d(inputs, [count, 8, 8, 3]), tf.tensor2d(labels, [count, 3])];
    losses.push((await model.trainOnBatch(x, y)) as number); // one number without metrics
  }
  return losses;
}

const farthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((loss, k) => Math.abs(loss - b[k]!) / b[k]!));

describe.each(names)("a small ResNet by %s", (optimizer) => {
  test("20 steps on the CPU's and on WebGPU's graph and on tfjs lose the same within 1e-4", async () => {
    const [cpu, webgpu, tfjs] = [
      await ours(optimizer, "cpu"),
      await ours(optimizer, "webgpu"),
      await theirs(optimizer),
    ];
    expect(Math.min(...tfjs.slice(-batches.steps))).toBeLessThan(tfjs[0]!); // it learns
    expect(farthest(cpu, tfjs)).toBeLessThan(1e-4);
    expect(farthest(webgpu, tfjs)).toBeLessThan(1e-4);
  });
});
