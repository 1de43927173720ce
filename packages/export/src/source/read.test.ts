import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf } from "../index.ts";
import { chain } from "../testing/tiny.ts";
import { readLayerGraph, topologyOf } from "./read.ts";

const read = (source: tf.io.ModelArtifacts, where = "model.json") =>
  readLayerGraph(topologyOf(source, where), source, where);

const artifacts = () =>
  artifactsOf(chain([3], tf.layers.dense({ units: 2, name: "a" }), tf.layers.dense({ units: 2, name: "b" })));
const json = (value: unknown) => JSON.parse(JSON.stringify(value));

/** The artifacts with one entry of the topology's config changed. */
async function withConfig(change: (config: { layers: Record<string, unknown>[] } & Record<string, unknown>) => void) {
  const source = await artifacts();
  const modelTopology = json(source.modelTopology);
  change(modelTopology.config);
  return { ...source, modelTopology };
}

test("layers, calls and weights", async () => {
  const { layers, calls, inputs, outputs } = read(await artifacts());
  expect(layers.map(({ name, className }) => `${name}: ${className}`)).toEqual([
    "input_1: InputLayer",
    "a: Dense",
    "b: Dense",
  ]);
  expect(calls.map(({ layer }) => layer.name)).toEqual(["input_1", "a", "b"]);
  expect(layers[1]!.weights.map(({ name, data }) => [name, data.dims])).toEqual([
    ["kernel", [3, 2]],
    ["bias", [2]],
  ]);
  expect([inputs, outputs]).toEqual([[{ layer: "input_1", node: 0, tensor: 0 }], [{ layer: "b", node: 0, tensor: 0 }]]);
});

test("a Sequential model gets the input that Keras gives it", async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], name: "a" })] });
  const { inputs, calls } = read(await artifactsOf(model));
  expect(inputs[0]!.layer).toBe("a_input");
  expect(calls.map(({ layer }) => layer.name)).toEqual(["a_input", "a"]);
});

test("Keras 3 inbound nodes", async () => {
  const source = await withConfig((config) => {
    const tensor = (name: string) => ({ class_name: "__keras_tensor__", config: { keras_history: [name, 0, 0] } });
    config.layers[1]!.inbound_nodes = [{ args: [tensor("input_1")], kwargs: {} }];
    config.layers[2]!.inbound_nodes = [{ args: [[tensor("a")]], kwargs: { training: false } }];
    config.output_layers = ["b", 0, 0];
  });
  expect(read(source).calls.map(({ layer }) => layer.name)).toEqual(["input_1", "a", "b"]);
});

test("weights that several shards cut at odd places", async () => {
  const source = await artifacts();
  const bytes = new Uint8Array(source.weightData as ArrayBuffer);
  const shards = [bytes.slice(0, 5), bytes.slice(5, 5), bytes.slice(5, 30), bytes.slice(30)].map(
    (shard) => shard.buffer,
  );
  const whole = read(source).layers.flatMap(({ weights }) => weights);
  const cut = read({ ...source, weightData: shards }).layers.flatMap(({ weights }) => weights);
  expect(cut).toEqual(whole);
});

test.each<[string, (config: { layers: Record<string, unknown>[] } & Record<string, unknown>) => void, string]>([
  [
    "a cycle",
    (c) => {
      c.layers[1]!.inbound_nodes = [[["b", 0, 0, {}]]];
    },
    'layer "a" depends on its own output',
  ],
  [
    "a missing layer",
    (c) => {
      c.layers[2]!.inbound_nodes = [[["x", 0, 0, {}]]];
    },
    'reads call 0 of layer "x", which isn\'t there',
  ],
  [
    "a broken reference",
    (c) => {
      c.layers[2]!.inbound_nodes = [[["a", -1, 0, {}]]];
    },
    "a reference to a tensor",
  ],
  [
    "two layers of one name",
    (c) => {
      c.layers.push(c.layers[2]!);
    },
    'two layers are named "b"',
  ],
  [
    "no layers",
    (c) => {
      c.layers = [];
    },
    "number of layers (got 0",
  ],
  [
    "no outputs",
    (c) => {
      c.output_layers = [];
    },
    "output_layers: no tensors",
  ],
])("%s is refused", async (_, change, message) => {
  const source = await withConfig(change);
  expect(() => read(source, "m.json")).toThrow(
    expect.objectContaining({ code: "bad-input", message: expect.stringContaining(message) }),
  );
});

test.each<[string, string, (source: tf.io.ModelArtifacts) => tf.io.ModelArtifacts]>([
  [
    "bad-input",
    "the weight data ends too early",
    (source) => ({ ...source, weightData: (source.weightData as ArrayBuffer).slice(0, 20) }),
  ],
  ["bad-input", "the weight data is longer", (source) => ({ ...source, weightData: new ArrayBuffer(1000) })],
  ["bad-input", "has no layers topology", ({ modelTopology: _, ...source }) => source],
  ["bad-input", 'modelTopology (got "x"', (source) => ({ ...source, modelTopology: "x" as never })],
  [
    "bad-input",
    'weight "c/kernel" belongs to no layer',
    (source) => ({
      ...source,
      weightSpecs: source.weightSpecs!.map((spec) => ({ ...spec, name: spec.name.replace("b/", "c/") })),
    }),
  ],
  [
    "bad-input",
    "an impossible shape",
    (source) => ({ ...source, weightSpecs: source.weightSpecs!.map((spec) => ({ ...spec, shape: [-1] })) }),
  ],
  [
    "unsupported",
    "bool quantized to uint8",
    (source) => ({
      ...source,
      weightSpecs: source.weightSpecs!.map((spec) => ({
        ...spec,
        dtype: "bool",
        quantization: { dtype: "uint8", scale: 1, min: 0 } as const,
      })),
    }),
  ],
  [
    "bad-input",
    "scale undefined, min 0",
    (source) => ({
      ...source,
      weightSpecs: source.weightSpecs!.map((spec) => ({
        ...spec,
        quantization: { dtype: "uint8", min: 0 } as const,
      })),
    }),
  ],
  [
    "unsupported",
    "stored as (got string",
    (source) => ({ ...source, weightSpecs: source.weightSpecs!.map((spec) => ({ ...spec, dtype: "string" })) }),
  ],
  [
    "unsupported",
    "the model's class (got Lambda",
    (source) => ({ ...source, modelTopology: { class_name: "Lambda", config: {} } }),
  ],
])("%s: %s", async (code, message, change) => {
  const source = change(await artifacts());
  expect(() => read(source)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
