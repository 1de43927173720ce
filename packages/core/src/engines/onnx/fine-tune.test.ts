import { readMetadata } from "@resonnx/base";
import { exportModel } from "@resonnx/export";
import { checkModel, decode, print } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { OnnxEngine } from "../../platform/node/onnx/onnx-engine.ts";
import { tinyResNet, tinySplit } from "../../testing/tiny.ts";
import { distance, openOnnx, seedWeights } from "../../testing/train.ts";
import { Batches } from "../../train/batches.ts";
import { recipes } from "../../train/recipe.ts";
import type { TrainableModel, TrainingJob } from "../engine.ts";
import { fineTune } from "./fine-tune.ts";

const engine = new OnnxEngine("cpu", "test");
const COUNT = 8;
const batchesOf = (classes: number) =>
  new Batches({
    split: tinySplit(40, 3),
    size: { width: 8, height: 8 },
    classes,
    batchSize: COUNT,
    seed: 5,
    recipe: recipes.tutorial,
  });

/** A step of plain gradient descent, so that weights move by their gradients. */
async function stepped(model: TrainableModel, options: Partial<TrainingJob> = {}) {
  const session = await engine.open({ model, optimizer: "sgd", batchSize: COUNT, ...options });
  try {
    const { batch } = await batchesOf(3).at(0, 0);
    const { loss } = await session.step(batch, 0.1);
    return { loss, arrays: (await session.state()).arrays };
  } finally {
    await session.dispose();
  }
}

/** A step of tfjs' own gradients of the same model and batch; `training`: whether normalizations take the batch's statistics. */
async function steppedByTfjs(model: tf.LayersModel, training: boolean) {
  const { batch } = await batchesOf(3).at(0, 0);
  const x = tf.tensor4d(batch.inputs, [COUNT, 8, 8, 3]);
  const labels = tf.tensor2d(batch.labels, [COUNT, 3]);
  const loss = (): tf.Scalar =>
    tf.metrics.categoricalCrossentropy(labels, model.apply(x, { training }) as tf.Tensor).mean();
  const { value, grads } = tf.variableGrads(loss); // moves statistics on, in training
  tf.train.sgd(0.1).applyGradients(grads);
  return {
    loss: value.dataSync()[0]!,
    weights: new Map(model.weights.map((weight) => [weight.originalName, weight.read()])),
  };
}

/** Files keep convolution kernels as [out, in, height, width]. */
const inFileOrder = (weight: tf.Tensor) => (weight.rank === 4 ? weight.transpose([3, 2, 0, 1]) : weight);

test.each(["train", "frozen"] as const)(
  "a step of an exported file is tfjs' step of the model; batchNorm %s",
  async (batchNorm) => {
    const model = tinyResNet();
    const { bytes } = await exportModel(model, { optimize: false });
    const ours = await stepped(fineTune(bytes, { batchNorm }));
    const theirs = await steppedByTfjs(model, batchNorm === "train");
    expect(Math.abs(ours.loss - theirs.loss)).toBeLessThan(1e-5);
    const names = Object.keys(ours.arrays);
    expect(names).toContain("conv1/kernel");
    expect(names.includes("bn2/moving_variance")).toBe(batchNorm === "train");
    for (const name of names) {
      const wanted = inFileOrder(theirs.weights.get(name)!);
      const got = tf.tensor(ours.arrays[name]!.data, [...ours.arrays[name]!.dims]);
      expect(got.shape, name).toEqual(wanted.shape);
      expect(got.sub(wanted).abs().max().dataSync()[0], name).toBeLessThan(1e-5);
    }
  },
);

test("normalizations that the exporter folded into convolutions train with them", async () => {
  const { bytes } = await exportModel(tinyResNet());
  const model = fineTune(bytes);
  expect(model.weightNames.filter((name) => name.endsWith("kernel"))).toEqual([
    "conv1/kernel",
    "conv2/kernel",
    "conv3/kernel",
    "fc/kernel",
  ]);
  const { arrays } = await stepped(model);
  expect(arrays["conv1/kernel"]!.dims).toEqual([4, 3, 3, 3]);
});

const labels = ["red", "green", "blue", "white"];

test("with a new head and the rest frozen, training is a linear probe; the file says what it now is", async () => {
  const { bytes } = await exportModel(tinyResNet(), {
    metadata: { labels: ["a", "b", "c"], source: { format: "mine" } },
  });
  const model = fineTune(bytes, { classes: 4, seed: 3 });
  const session = await engine.open({ model, optimizer: "adam", batchSize: COUNT, frozen: /^(?!head\/)/ });
  const before = await session.state();
  const batches = batchesOf(4);
  const losses: number[] = [];
  for (let k = 0; k < 25; k++) losses.push((await session.step((await batches.at(k, 0)).batch, 0.05)).loss);
  expect(losses.at(-1)! / losses[0]!).toBeLessThan(0.9);
  const { arrays } = await session.state();
  const moved = model.weightNames.filter((name) => `${arrays[name]!.data}` !== `${before.arrays[name]!.data}`);
  expect(moved).toEqual(["head/kernel", "head/bias"]);

  const { inputs } = (await batches.at(0, 0)).batch;
  const predicted = await session.predict(inputs, COUNT);
  await session.dispose();
  const tuned = model.toBytes(arrays, { labels });
  expect(checkModel(tuned).opset).toBe(17);
  expect(readMetadata(tuned)).toEqual({ labels, source: { format: "mine" } });
  expect(readMetadata(model.toBytes(arrays))).toEqual({ source: { format: "mine" } });
  const running = await InferenceSession.create(tuned);
  const answer = await running.run({ input_1: new Tensor("float32", inputs, [COUNT, 8, 8, 3]) });
  for (const [i, p] of predicted.entries()) expect(Math.abs(p - (answer.fc!.data[i] as number))).toBeLessThan(1e-6);
  await running.release();
});

test("a tuned file is tuned again, its head replaced", async () => {
  const { bytes } = await exportModel(tinyResNet());
  const once = fineTune(bytes, { classes: 4 }).toBytes({});
  const twice = fineTune(once, { classes: 5 });
  expect(twice.weightNames.slice(-2)).toEqual(["head/kernel", "head/bias"]);
  expect(twice.weightNames).not.toContain("fc/kernel");
});

test("pictures go through the file's own preprocessing", async () => {
  const preprocessing = {
    width: 8,
    height: 8,
    channelOrder: "bgr",
    scale: 1,
    mean: [100, 110, 120],
    std: [50, 60, 70],
    layout: "nchw",
  } as const;
  const source = tinyResNet();
  const { bytes } = await exportModel(source, { layout: "nchw", metadata: { preprocessing } });
  const session = await engine.open({ model: fineTune(bytes), optimizer: "sgd", batchSize: COUNT });
  const { inputs } = (await batchesOf(3).at(0, 0)).batch;
  const predicted = await session.predict(inputs, COUNT);
  await session.dispose();
  const pixels = tf.tensor4d(inputs, [COUNT, 8, 8, 3]).mul(255).reverse(3);
  const wanted = (source.predict(pixels.sub([100, 110, 120]).div([50, 60, 70])) as tf.Tensor).dataSync();
  for (const [i, p] of predicted.entries()) expect(Math.abs(p - wanted[i]!)).toBeLessThan(1e-5);
});

const { layers } = tf;
const recurrent = {
  LSTM: () => layers.lstm({ name: "r", units: 4, returnSequences: true }),
  GRU: () => layers.gru({ name: "r", units: 4, returnSequences: true }),
  SimpleRNN: () => layers.simpleRNN({ name: "r", units: 4, returnSequences: true }),
  "both ways": () =>
    layers.bidirectional({
      name: "r",
      layer: layers.lstm({ units: 3, returnSequences: true }) as tf.RNN,
      mergeMode: "concat",
    }),
};

test.each(Object.entries(recurrent))(
  "%s: a step of the exported operator is tfjs' step, through an embedding",
  async (_, layer) => {
    const model = tf.sequential({ name: "words" });
    model.add(layers.embedding({ name: "e", inputDim: 6, outputDim: 3, inputLength: 5 }));
    model.add(layer());
    model.add(layers.flatten({ name: "f" }));
    model.add(layers.dense({ name: "y", units: 3, activation: "softmax" }));
    seedWeights(model);
    const { bytes } = await exportModel(model);
    expect(print(decode(bytes))).toMatch(/\b(LSTM|GRU|RNN)\b/);
    const words = Float32Array.from({ length: COUNT * 5 }, (_, i) => (i * 7) % 6);
    const labels = Float32Array.from({ length: COUNT }, (_, i) => i % 3);
    const session = await openOnnx({
      model: fineTune(bytes),
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      batchSize: COUNT,
    });
    const { loss } = await session.step({ inputs: words, labels, count: COUNT }, 0.5);
    const x = tf.tensor2d(words, [COUNT, 5]);
    const truth = tf.oneHot(tf.tensor1d(labels, "int32"), 3);
    const { value, grads } = tf.variableGrads(
      () =>
        tf.metrics.categoricalCrossentropy(truth, model.apply(x, { training: true }) as tf.Tensor).mean() as tf.Scalar,
    );
    // ONNX adds two biases in a cell, as PyTorch does: both move.
    const doubled = Object.entries(grads).map(([name, d]) => [
      name,
      /lstm|gru|rnn|^r\//i.test(name) && d.rank === 1 ? d.mul(2) : d,
    ]);
    tf.train.sgd(0.5).applyGradients(Object.fromEntries(doubled));
    expect(Math.abs(loss - value.dataSync()[0]!)).toBeLessThan(1e-5);
    const wanted = (model.predict(x) as tf.Tensor).dataSync<"float32">();
    expect(distance({ y: wanted }, { y: await session.predict(words, COUNT) })).toBeLessThan(1e-5);
  },
);

test("what can't be tuned is refused", async () => {
  const { bytes } = await exportModel(tinyResNet());
  expect(() => fineTune(bytes, { classes: 1 })).toThrow("classes: can't be told apart (got 1, wanted 2 to 100000)");
  expect(() => fineTune(bytes, { cut: "relu2" })).toThrow("a cut without classes");
  expect(() => fineTune(bytes, { classes: 3, cut: "relu9" })).toThrow('cut "relu9": no value or node of that name');
  expect(() => fineTune(bytes.subarray(0, 100), { classes: 3 })).toThrow(
    expect.objectContaining({ code: "bad-input" }),
  );
  const pictures = {
    width: 9,
    height: 8,
    channelOrder: "rgb",
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "nhwc",
  } as const;
  const open = engine.open({ model: fineTune(bytes, { pictures }), optimizer: "sgd", batchSize: COUNT });
  await expect(open).rejects.toThrow('input "input_1": does not take pictures as its preprocessing says');
});
