import { Builder, encode, floats, Graph } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { openOnnx, tinyDense, uniform } from "../../testing/train.ts";
import type { TrainableModel, TrainingSession } from "../engine.ts";
import { fineTune } from "./fine-tune.ts";

const COUNT = 3;
const inputs = uniform(COUNT * 4, 1);
const labels = Float32Array.of(1, 0, 0, 1, 1, 0);
const batch = { inputs, labels, count: COUNT };

const open = (model: TrainableModel): Promise<TrainingSession> =>
  openOnnx({ model, optimizer: "adam", batchSize: COUNT, loss: "meanSquaredError" });

/** log(x · w + b) for numbers that may be below 0. */
function logarithm(): Uint8Array {
  const graph = new Graph("logarithm");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 4] });
  const product = b.op("Gemm", [x, b.constant(floats([4, 2], uniform(8, 2)), "w")], {}, "product");
  graph.output("y", b.op("Tanh", [b.op("Log", [product], {}, "logarithm")], {}, "squashed"));
  return encode(graph);
}

test("a logarithm of a negative number is named", async () => {
  const session = await open(fineTune(logarithm()));
  await expect(session.step(batch, 0.1)).rejects.toThrow(
    'step 1: the loss is not a finite number: node "logarithm" (Log) is the first to give such numbers (got NaN)',
  );
});

test("a layer that overflows is named, and the weights are still those from before the step", async () => {
  const layer = (name: string) => tf.layers.dense({ name, units: 2, useBias: false });
  const model = tf.sequential({ name: "tower" });
  model.add(tf.layers.inputLayer({ name: "x", inputShape: [4] }));
  for (const name of ["first", "second", "third"]) model.add(layer(name));
  const session = await open(model);
  const { step, arrays } = await session.state();
  const grown = Object.entries(arrays).map(
    ([name, array]) => [name, { ...array, data: array.data.map(() => 1e20) }] as const,
  );
  const state = { step, arrays: Object.fromEntries(grown) };
  await session.restore(state);
  await expect(session.step(batch, 0.1)).rejects.toMatchObject({
    code: "failed",
    message: expect.stringMatching(/layer "second" is the first to give such numbers, in (MatMul|Gemm)/),
  });
  const after = await session.state();
  expect(after.step).toBe(0);
  for (const name of Object.keys(state.arrays)) expect(after.arrays[name], name).toEqual(state.arrays[name]);
});

test("a weight that is infinite is named", async () => {
  const session = await open(tinyDense(2, "softmax"));
  const { step, arrays } = await session.state();
  const data = arrays["y/kernel"]!.data.with(3, Number.POSITIVE_INFINITY);
  await session.restore({ step, arrays: { ...arrays, "y/kernel": { ...arrays["y/kernel"]!, data } } });
  await expect(session.step(batch, 0.1)).rejects.toThrow('the weight "y/kernel" was not finite before the step');
});

test.each([
  ["x", { ...batch, inputs: inputs.with(5, Number.NaN) }],
  ["labels", { ...batch, labels: labels.with(1, Number.NaN) }],
  ["sample_weights", { ...batch, sampleWeights: Float32Array.of(1, Number.POSITIVE_INFINITY, 1) }],
])("numbers in %s of the batch that aren't finite are named", async (name, spoilt) => {
  const session = await open(tinyDense(2, "softmax"));
  await expect(session.step(spoilt, 0.1)).rejects.toThrow(`"${name}" of this batch has numbers that are not finite`);
});

test("a loss that overflows by itself is said to", async () => {
  const session = await open(tinyDense(2, "linear"));
  await expect(session.step({ ...batch, labels: labels.map(() => 1e30) }, 0.1)).rejects.toThrow(
    "the loss itself is the first to give such a number, in Mul",
  );
});

test("class numbers out of range are refused before the step", async () => {
  const session = await openOnnx({
    model: tinyDense(2, "softmax"),
    optimizer: "sgd",
    batchSize: COUNT,
    loss: "sparseCategoricalCrossentropy",
  });
  await expect(session.step({ inputs, labels: Float32Array.of(0, 1, 2), count: COUNT }, 0.1)).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringContaining("(got 2, wanted whole numbers from 0 to 1)"),
  });
});
