import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { exportModel, layers } from "../index.ts";
import { expectClose, runOnnx } from "../testing/onnxruntime.ts";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One layer with random weights and input, and what Keras 3.15.1 gave (on JAX; bicubic on TensorFlow): `layer(input, training=False)`. A line each. */
interface Case {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: readonly (Stored & { readonly name: string })[];
  readonly input: Stored;
  readonly output: Stored;
}

const lines = readFileSync(new URL("../testing/keras3-cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const cases = lines.map((line) => JSON.parse(line) as Case);

/** The stored numbers have 5 digits. */
const TOLERANCE = 1e-4;

/** The layer behind an input, as Keras 3 saves a Sequential. */
function artifactsOf({ className, config, weights, input }: Case): tf.io.ModelArtifacts {
  const shape = [null, ...input.shape.slice(1)];
  const written = [
    { class_name: "InputLayer", config: { batch_shape: shape, dtype: "float32", name: "x" } },
    { class_name: className, config: { ...config, name: "layer" } },
  ];
  return {
    modelTopology: {
      keras_version: "3.15.1",
      model_config: { class_name: "Sequential", config: { name: "sequential", layers: written } },
    },
    weightSpecs: weights.map(({ name, shape }) => ({ name: `layer/${name}`, shape: [...shape], dtype: "float32" })),
    weightData: Float32Array.from(weights.flatMap(({ data }) => data)).buffer,
  };
}

const tensorOf = ({ shape, data }: Stored): tf.Tensor => tf.tensor([...data], [...shape], "float32");

describe("onnxruntime gives what Keras 3 gave", () => {
  test.each(cases.map((item) => [item.name, item] as const))("%s", async (_name, item) => {
    const { bytes } = await exportModel(artifactsOf(item));
    const [got] = Object.values(await runOnnx(bytes, [tensorOf(item.input)]));
    expectClose(got, tensorOf(item.output), TOLERANCE);
  });
});

/** Tested elsewhere: with two inputs, or with time. */
const elsewhere = /^Subtract$|Attention|Einsum|RNN|GRU|LSTM|Cell/;

test("every other layer that tfjs does not have has a case", () => {
  const inTfjs = new Set(Object.keys(tf.layers).map((name) => name.toLowerCase()));
  const tested = new Set(cases.map(({ className }) => className));
  const own = Object.entries(layers).filter(
    ([name, rule]) => !inTfjs.has(name.toLowerCase()) && !elsewhere.test(name) && !("unsupported" in rule),
  );
  const identical = new Set<unknown>([layers.Identity, layers.RandomFlip]); // one rule for many classes
  const untested = own.filter(([name, rule]) => !tested.has(name) && !identical.has(rule)).map(([name]) => name);
  expect(untested).toEqual([]);
});
