import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf, forward } from "../index.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { chain, randomizeWeights, randomTensor } from "../testing/tiny.ts";
import { outputNames } from "./output-names.ts";

const { layers } = tf;
const symbolic = (value: unknown) => value as tf.SymbolicTensor;

/** Two inputs, a layer that is called twice, three outputs, two of them of one layer. */
function shared(): tf.LayersModel {
  const left = tf.input({ shape: [3], name: "left" });
  const right = tf.input({ shape: [3], name: "right" });
  const dense = layers.dense({ units: 3, activation: "tanh", name: "dense" });
  const first = symbolic(dense.apply(left));
  const second = symbolic(dense.apply(right));
  const sum = symbolic(layers.add({ name: "sum" }).apply([first, second]));
  return randomizeWeights(tf.model({ inputs: [right, left], outputs: [first, sum, second], name: "shared" }));
}

test("several inputs and outputs, a layer called twice: names and order are the source's", async () => {
  const model = shared();
  const { graph, inputs, outputs, parameters } = forward(await artifactsOf(model), {
    training: false,
    weights: "constants",
  });
  expect(inputs.map(({ name }) => name)).toEqual(["right", "left"]);
  expect(outputs.map(({ name }) => name)).toEqual(["dense", "sum", "dense_1"]);
  expect(parameters.map(({ name }) => name)).toEqual(["dense/kernel", "dense/bias"]);
  const feeds = { right: randomTensor([2, 3], 1), left: randomTensor([2, 3], 2) };
  const wanted = model.predict([feeds.right, feeds.left]) as tf.Tensor[];
  const got = await runGraph(graph, feeds);
  for (const [i, name] of ["dense", "sum", "dense_1"].entries()) expectClose(got[name], wanted[i]!);
});

test("an output's number never meets the name of another input or output", () => {
  const graph = { inputs: [{ layer: "a_1", node: 0, tensor: 0 }], outputLayers: ["a", "a", "a", "a_2"] };
  expect(outputNames(graph)).toEqual(["a", "a_3", "a_4", "a_2"]);
});

const small = () =>
  chain(
    [4, 4, 2],
    layers.conv2d({ filters: 3, kernelSize: 3, name: "conv" }),
    layers.batchNormalization({ momentum: 0.9, name: "bn" }),
    layers.flatten({ name: "flat" }),
    layers.dense({ units: 2, activation: "softmax", name: "fc" }),
  );

test("weights as inputs: behind the model's inputs, in the source's order and layout", async () => {
  const model = small();
  const { graph, inputs, parameters } = forward(await artifactsOf(model), { training: false, weights: "inputs" });
  expect(graph.inputs.map(({ name }) => name)).toEqual([
    ...["input_1", "conv/kernel", "conv/bias", "bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance"],
    ...["fc/kernel", "fc/bias"],
  ]);
  expect(inputs[0]!.shape).toEqual(["batch", 4, 4, 2]);
  expect(parameters[0]!.value.shape).toEqual([3, 3, 2, 3]);
  expect(parameters.filter(({ trainable }) => !trainable).map(({ name }) => name)).toEqual([
    "bn/moving_mean",
    "bn/moving_variance",
  ]);
  const x = randomTensor([2, 4, 4, 2]);
  const weights = parameters.map(
    ({ name, data }) => [name, tf.tensor(data.data as Float32Array, [...data.dims])] as const,
  );
  expectClose(
    (await runGraph(graph, { input_1: x, ...Object.fromEntries(weights) })).fc,
    model.predict(x) as tf.Tensor,
  );
});

test("training: BatchNormalization takes the batch's statistics and moves its own on, as tfjs does", async () => {
  const model = chain([4, 4, 2], layers.batchNormalization({ momentum: 0.9, name: "bn" }));
  const x = randomTensor([3, 4, 4, 2]);
  const { graph, parameters } = forward(await artifactsOf(model), {
    training: true,
    weights: "constants",
    batchSize: 3,
  });
  const updates = parameters.flatMap(({ name, update }) => (update ? { name, update } : []));
  expect(updates.map(({ name }) => name)).toEqual(["bn/moving_mean", "bn/moving_variance"]);
  for (const { name, update } of updates) graph.output(name, update);
  const got = await runGraph(graph, { input_1: x });
  expectClose(got.bn, model.apply(x, { training: true }) as tf.Tensor); // tfjs moves its statistics on here
  const [, , mean, variance] = model.getWeights();
  expectClose(got["bn/moving_mean"], mean!);
  expectClose(got["bn/moving_variance"], variance!);
  expect(graph.inputs[0]!.shape).toEqual([3, 4, 4, 2]);
});

test("a frozen layer stays as at inference", async () => {
  const model = small();
  model.getLayer("bn").trainable = false;
  const { parameters } = forward(await artifactsOf(model), { training: true, weights: "inputs" });
  expect(parameters.filter(({ update }) => update)).toEqual([]);
  expect(parameters.filter(({ trainable }) => trainable).map(({ layer }) => layer)).toEqual([
    "conv",
    "conv",
    "fc",
    "fc",
  ]);
});

test("nodes carry the layers' names", async () => {
  const { graph } = forward(await artifactsOf(small()), { training: false, weights: "constants" });
  expect(graph.order().flatMap(({ name }) => name ?? [])).toEqual([
    "conv",
    "bn",
    "flat",
    "fc",
    "fc/bias",
    "fc/softmax",
  ]);
});

test('unknown height and width stay symbolic, with "same" padding where it needs no size', async () => {
  const model = chain([null, null, 2], layers.conv2d({ filters: 3, kernelSize: 3, padding: "same", name: "c" }));
  const { graph, inputs } = forward(await artifactsOf(model), { training: false, weights: "constants" });
  expect(inputs[0]!.shape).toEqual(["batch", "input_1_dim_1", "input_1_dim_2", 2]);
  const x = randomTensor([1, 5, 7, 2]);
  expectClose((await runGraph(graph, { input_1: x })).c, model.predict(x) as tf.Tensor);
});

test('"same" padding over unknown sizes is computed when the model runs', async () => {
  const model = chain([null, null, 2], layers.maxPooling2d({ poolSize: 2, padding: "same", name: "m" }));
  const { graph } = forward(await artifactsOf(model), { training: false, weights: "constants" });
  for (const shape of [
    [1, 5, 7, 2],
    [2, 4, 3, 2],
  ]) {
    const x = randomTensor(shape);
    expectClose((await runGraph(graph, { input_1: x })).m, model.predict(x) as tf.Tensor);
  }
});

test("all layer classes without a rule are named at once", async () => {
  const artifacts = await artifactsOf(
    chain([4, 3], ...["a1", "r", "a2"].map((name) => layers.activation({ activation: "relu", name }))),
  );
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology));
  for (const [i, className] of ["Lambda", "Hologram", "Lambda"].entries())
    modelTopology.config.layers[i + 1].class_name = className;
  expect(() => forward({ ...artifacts, modelTopology }, { training: false, weights: "constants" })).toThrow(
    /Lambda.*: a1, a2; Hologram.*: r/,
  );
});

test("all layers whose configs are refused are named at once", async () => {
  const dense = (name: string) => layers.dense({ units: 2, name });
  const artifacts = await artifactsOf(chain([3], dense("a"), dense("b"), dense("c")));
  const text = JSON.stringify(artifacts.modelTopology).replaceAll('"activation":"linear"', '"activation":"mine"');
  const spoiled = { ...artifacts, modelTopology: JSON.parse(text) };
  expect(() => forward(spoiled, { training: false, weights: "constants", where: "m" })).toThrow(
    /^m: 3 layers: layer "a": config "activation" .*; layer "b": config "activation" .*; layer "c"/,
  );
});

/** One dense layer, its weights or its config changed. */
async function spoiled(
  change: (source: { weightSpecs: tf.io.WeightsManifestEntry[]; layer: Record<string, unknown> }) => void,
) {
  const artifacts = await artifactsOf(chain([3], layers.dense({ units: 2, name: "d" })));
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology));
  const weightSpecs = artifacts.weightSpecs!.map((spec) => ({ ...spec }));
  change({ weightSpecs, layer: modelTopology.config.layers[1].config });
  return { ...artifacts, modelTopology, weightSpecs };
}

test.each<[string, Parameters<typeof spoiled>[0]]>([
  [
    'layer "d": weight "kernel" (got float32[6], wanted rank 2)',
    ({ weightSpecs }) => {
      weightSpecs[0]!.shape = [6];
    },
  ],
  [
    "MatMul: inner sizes differ (got 3 and 2)",
    ({ weightSpecs }) => {
      weightSpecs[0]!.shape = [2, 3];
    },
  ],
  [
    'layer "d": weight "kernel" is missing (got k, bias)',
    ({ weightSpecs }) => {
      weightSpecs[0]!.name = "d/k";
    },
  ],
  [
    "weights that their layers don't have: d/bias",
    ({ layer }) => {
      layer.use_bias = false;
    },
  ],
  [
    'layer "d": config "use_bias" (got "yes", wanted true or false)',
    ({ layer }) => {
      layer.use_bias = "yes";
    },
  ],
  [
    'layer "d": config "activation" (got "sinh"',
    ({ layer }) => {
      layer.activation = "sinh";
    },
  ],
])("refused: %s", async (message, change) => {
  const artifacts = await spoiled(change);
  expect(() => forward(artifacts, { training: false, weights: "constants" })).toThrow(message);
});
