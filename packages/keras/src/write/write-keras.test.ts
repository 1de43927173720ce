import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { Dataset, File, ready } from "h5wasm";
import { expect, test } from "vitest";
import { Zip } from "../archive/zip.ts";
import { artifactsOf, weightsByName } from "../fixtures/artifacts.test.helper.ts";
import { readKeras } from "../read/read-keras.ts";
import { readKerasTraining } from "../read/read-training.ts";
import { writeKeras } from "./write-keras.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));

/** Path, shape, dtype and values of every dataset of an archive's weights. */
async function datasets(archive: Uint8Array) {
  const { FS } = await ready;
  FS.writeFile("/weights.h5", new Zip(archive, "test").read("model.weights.h5")!);
  const file = new File("/weights.h5", "r");
  try {
    const all = file.paths().flatMap((path) => {
      const found = file.get(path);
      return found instanceof Dataset ? [{ path, shape: found.shape, dtype: found.dtype, value: found.value }] : [];
    });
    return all.sort((a, b) => (a.path < b.path ? -1 : 1));
  } finally {
    file.close();
  }
}

interface Config {
  readonly module: string;
  readonly class_name: string;
  readonly config: {
    readonly layers?: readonly (Config & { readonly inbound_nodes: unknown })[];
    readonly name: string;
  };
}

const configOf = (archive: Uint8Array) => {
  const text = new TextDecoder().decode(new Zip(archive, "test").read("config.json"));
  return { text, config: JSON.parse(text) as Config };
};

/** The calls of a model: what Keras reads the graph from. */
const graphOf = ({ module, class_name, config: { name, layers = [] } }: Config) => ({
  module,
  class_name,
  name,
  layers: layers.map((layer) => ({
    module: layer.module,
    class_name: layer.class_name,
    name: layer.config.name,
    histories: [...JSON.stringify(layer.inbound_nodes).matchAll(/"keras_history":(\[[^\]]*\])/g)].map(([, one]) => one),
  })),
});

test.for(["keras3.keras", "trained-keras3.keras"])("what %s holds is written as Keras 3 wrote it", async (name) => {
  const original = fixture(name);
  const compile = await readKerasTraining(original);
  const again = await writeKeras(await readKeras(original), { compile });
  expect(await datasets(again)).toEqual(await datasets(original));
  expect(graphOf(configOf(again).config)).toEqual(graphOf(configOf(original).config));
  expect(await readKerasTraining(again)).toEqual(compile);
  expect([...new Zip(again, "test").names].sort()).toEqual([...new Zip(original, "test").names].sort());
});

/** Two inputs, a model called twice, a model of Keras' other kind, states from a layer, wrapped layers, stacked cells. */
function nested(): tf.LayersModel {
  const { layers } = tf;
  const gates = { recurrentActivation: "sigmoid", recurrentInitializer: "glorotUniform" } as const;
  const dense = layers.dense({ name: "hidden", units: 3, inputShape: [4] });
  const twice = tf.sequential({ name: "twice", layers: [dense, layers.batchNormalization({ name: "bn" })] });
  const row = tf.input({ name: "row", shape: [3] });
  const once = tf.model({
    name: "once",
    inputs: row,
    outputs: layers.dense({ name: "end", units: 3 }).apply(row) as tf.SymbolicTensor,
  });
  const [a, b] = [tf.input({ name: "a", shape: [4] }), tf.input({ name: "b", shape: [5, 2] })];
  const both = layers.add({ name: "add" }).apply([twice.apply(a), once.apply(twice.apply(a))] as tf.SymbolicTensor[]);
  const lstm = layers.bidirectional({
    name: "both",
    layer: layers.lstm({ name: "inner", units: 2, ...gates }),
    mergeMode: "concat",
  });
  const cells = [layers.lstmCell({ units: 3, ...gates }), layers.gruCell({ units: 2, resetAfter: false, ...gates })];
  const parts = [
    both,
    lstm.apply(b),
    layers.rnn({ name: "stacked", cell: cells }).apply(b),
    layers.simpleRNN({ name: "started", units: 3, ...gates }).apply([b, both as tf.SymbolicTensor]),
    layers
      .flatten({ name: "flat" })
      .apply(layers.timeDistributed({ name: "each", layer: layers.dense({ name: "one", units: 2 }) }).apply(b)),
  ];
  const outputs = layers.concatenate({ name: "all" }).apply(parts as tf.SymbolicTensor[]);
  return tf.model({
    name: "nested",
    inputs: [a, b],
    outputs: [outputs as tf.SymbolicTensor, twice.apply(a) as tf.SymbolicTensor],
  });
}

test("models in models, wrappers and cells come back as they were", async () => {
  const model = nested();
  const artifacts = await artifactsOf(model);
  const back = await readKeras(await writeKeras(artifacts));
  expect(weightsByName(back)).toEqual(weightsByName(artifacts));
  const again = await tf.loadLayersModel(tf.io.fromMemory(back));
  const inputs = [tf.linspace(-1, 1, 8).reshape([2, 4]), tf.linspace(-1, 1, 20).reshape([2, 5, 2])];
  const values = (one: tf.LayersModel) => (one.predict(inputs) as tf.Tensor[]).map((output) => [...output.dataSync()]);
  expect(values(again)).toEqual(values(model));
});

test("a model called again has Keras 3's number in calls, and that of a Sequential among the outputs", async () => {
  const { config } = configOf(await writeKeras(await artifactsOf(nested())));
  const { layers } = graphOf(config);
  const called = (name: string) => layers.find((layer) => layer.name === name)?.histories;
  expect(called("once")).toEqual(['["twice",1,0]']);
  expect(called("add")).toEqual(['["twice",0,0]', '["once",0,0]']);
  expect(config.config).toMatchObject({
    output_layers: [
      ["all", 0, 0],
      ["twice", 2, 0],
    ],
  });
});

test("the same model gives the same archive, but for the times that HDF5 notes of its objects", async () => {
  const artifacts = await artifactsOf(nested());
  const [one, other] = [await writeKeras(artifacts), await writeKeras(artifacts)];
  expect(one.length).toBe(other.length);
  const [first, second] = [one, other].map((archive) => new Zip(archive, "test"));
  for (const name of ["metadata.json", "config.json"]) expect(first!.read(name)).toEqual(second!.read(name));
  expect(await datasets(one)).toEqual(await datasets(other));
});

test("what Keras 3 has not, or computes differently, is refused", async () => {
  const refused = async (layer: tf.layers.Layer) =>
    expect(writeKeras(await artifactsOf(tf.sequential({ layers: [layer] })))).rejects;
  const inputShape = [3];
  await (await refused(tf.layers.dense({ name: "gate", units: 1, activation: "hardSigmoid", inputShape }))).toThrow(
    /layer gate: can't be a layer of Keras 3 \(got activation hard_sigmoid/,
  );
  await (await refused(tf.layers.thresholdedReLU({ name: "step", inputShape }))).toThrow(/Keras 3 has no more/);
  await (await refused(tf.layers.dense({ name: "a/b", units: 1, inputShape }))).toThrow(/a name with a slash/);
});
