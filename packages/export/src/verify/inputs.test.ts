import { decode } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { exportModel } from "../export-model.ts";
import { randomizeWeights } from "../testing/tiny.ts";
import { type RunInput, randomInputs } from "./inputs.ts";

const ROWS = 1000;
const TIME = 64;
const { layers } = tf;

/** What is drawn for the only input of a model. */
async function drawn(input: tf.SymbolicTensor, ...path: tf.layers.Layer[]): Promise<RunInput> {
  const output = path.reduce<tf.SymbolicTensor>((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const model = randomizeWeights(tf.model({ inputs: input, outputs: output }));
  return randomInputs(decode((await exportModel(model)).bytes), 1)!.ids!;
}

const numbers = ({ data }: RunInput) => [...(data as Float32Array | Int32Array)];
const embedding = (maskZero = false) => layers.embedding({ inputDim: ROWS, outputDim: 2, maskZero });

test.each([
  ["float32", () => drawn(tf.input({ name: "ids", shape: [TIME] }), embedding(true), layers.lstm({ units: 2 }))],
  ["int32", () => drawn(tf.input({ name: "ids", shape: [TIME], dtype: "int32" }), embedding())],
  [
    "float32",
    () => drawn(tf.input({ name: "ids", shape: [8, 8] }), layers.reshape({ targetShape: [TIME] }), embedding()),
  ],
] as const)("%s inputs that an Embedding reads are rows from all over its table", async (type, draw) => {
  const input = await draw();
  expect(input.type).toBe(type);
  const ids = numbers(input);
  expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < ROWS)).toBe(true);
  expect(new Set(ids.map((id) => Math.floor((4 * id) / ROWS)))).toEqual(new Set([0, 1, 2, 3]));
});

test("of two tables the smaller one counts", async () => {
  const ids = tf.input({ name: "ids", shape: [TIME] });
  const both = [embedding(), layers.embedding({ inputDim: 2, outputDim: 2 })].map(
    (layer) => layer.apply(ids) as tf.SymbolicTensor,
  );
  const model = randomizeWeights(tf.model({ inputs: ids, outputs: layers.add().apply(both) as tf.SymbolicTensor }));
  const input = randomInputs(decode((await exportModel(model)).bytes), 1)!.ids!;
  expect(new Set(numbers(input))).toEqual(new Set([0, 1]));
});

test("inputs that no table reads are in [-1, 1)", async () => {
  const input = await drawn(tf.input({ name: "ids", shape: [TIME] }), layers.dense({ units: 1 }));
  expect(numbers(input).every((x) => x >= -1 && x < 1 && !Number.isInteger(x))).toBe(true);
});
