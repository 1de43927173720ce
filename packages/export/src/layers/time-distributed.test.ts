import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { artifactsOf, forward } from "../index.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { chain, randomizeWeights, randomTensor } from "../testing/tiny.ts";

const { layers } = tf;

const emitted = async (model: tf.LayersModel) =>
  forward(await artifactsOf(model), { training: false, weights: "constants" }).graph;

/** tfjs' own `predict` is the reference. */
async function expectSame(model: tf.LayersModel, x: tf.Tensor) {
  const graph = await emitted(model);
  const [got] = Object.values(await runGraph(graph, [x]));
  expectClose(got, model.predict(x) as tf.Tensor);
  return graph;
}

const over = (layer: tf.layers.Layer) => layers.timeDistributed({ layer, name: "t" });
/** Keras and tfjs share a layer among all steps, and so does a model in it. */
const inner = () => {
  const input = tf.input({ shape: [4, 4, 2], name: "picture" });
  const conv = layers.conv2d({ filters: 3, kernelSize: 3, name: "c" }).apply(input) as tf.SymbolicTensor;
  const flat = layers.flatten({ name: "f" }).apply(conv) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: flat, name: "inner" });
};

const cases: Readonly<Record<string, readonly [readonly number[], () => tf.layers.Layer]>> = {
  Dense: [[3, 5], () => layers.dense({ units: 2, activation: "softmax", name: "d" })],
  Conv2D: [[3, 4, 4, 2], () => layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: "same", name: "c" })],
  Flatten: [[3, 2, 4], () => layers.flatten({ name: "f" })],
  LSTM: [[3, 4, 2], () => layers.lstm({ units: 3, recurrentActivation: "sigmoid", name: "l" })],
  "Bidirectional LSTM": [
    [3, 4, 2],
    () =>
      layers.bidirectional({
        layer: layers.lstm({ units: 3, returnSequences: true, name: "l" }) as tf.RNN,
        mergeMode: "concat",
        name: "b",
      }),
  ],
  "TimeDistributed Conv1D": [
    [2, 3, 4, 2],
    () => layers.timeDistributed({ layer: layers.conv1d({ filters: 3, kernelSize: 2, name: "c" }), name: "inner" }),
  ],
  "a model": [[3, 4, 4, 2], inner],
  "a Sequential model": [
    [3, 5],
    () =>
      tf.sequential({
        layers: [layers.dense({ units: 4, inputShape: [5], name: "d1" }), layers.dense({ units: 2, name: "d2" })],
        name: "inner",
      }),
  ],
};

describe("onnxruntime gives what tfjs predicts", () => {
  test.each(Object.entries(cases))("%s", async (_name, [shape, layer]) => {
    const graph = await expectSame(chain(shape, over(layer())), randomTensor([2, ...shape]));
    expect(graph.outputs[0]!.value.shape.slice(0, 2)).toEqual(["batch", shape[0]]);
  });

  test.each(Object.entries(cases))("%s, an unknown number of steps", async (_name, [shape, layer]) => {
    const graph = await expectSame(chain([null, ...shape.slice(1)], over(layer())), randomTensor([2, ...shape]));
    expect(graph.outputs[0]!.value.shape.slice(0, 2)).toEqual(["batch", "input_1_dim_1"]);
  });

  test("a mask goes past it", async () => {
    const model = chain(
      [4, 2],
      layers.masking({ name: "m" }),
      over(layers.reshape({ targetShape: [2], name: "r" })),
      layers.gru({ units: 3, name: "g" }),
    );
    const x = randomTensor([2, 4, 2]).mul(tf.tensor([[[1], [0], [1], [0]]])) as tf.Tensor;
    await expectSame(model, x);
  });
});

test("what has no rule inside it is refused by name", async () => {
  const artifacts = await artifactsOf(chain([3, 5], over(layers.dense({ units: 2, name: "d" }))));
  const text = JSON.stringify(artifacts.modelTopology).replace('"Dense"', '"Mine"');
  const spoiled = { ...artifacts, modelTopology: JSON.parse(text) };
  expect(() => forward(spoiled, { training: false, weights: "constants" })).toThrow("TimeDistributed of Mine");
});

describe("ConvLSTM2D", () => {
  const settings = {
    "last output": {},
    "sequences and states": { returnSequences: true, returnState: true },
    "backwards, strides": { goBackwards: true, strides: 2, returnSequences: true },
    "same, no bias, relu": { padding: "same", useBias: false, activation: "relu" },
    dilated: { dilationRate: 2 },
  } as const;
  test.each(Object.entries(settings))("%s", async (_name, setting) => {
    const layer = layers.convLstm2d({ filters: 3, kernelSize: 3, name: "c", ...setting });
    const input = tf.input({ shape: [3, 6, 5, 2], name: "x" });
    const outputs = layer.apply(input) as tf.SymbolicTensor | tf.SymbolicTensor[];
    const model = randomizeWeights(tf.model({ inputs: input, outputs }));
    const x = randomTensor([2, 3, 6, 5, 2]);
    const got = Object.values(await runGraph(await emitted(model), [x]));
    for (const [i, wanted] of [model.predict(x)].flat().entries()) expectClose(got[i], wanted);
  });

  // Keras' layers over lines and volumes are the one over pictures with a size of 1 along the axes that they lack.
  test.each([
    ["ConvLSTM1D", [6, 1], [3, 1]],
    ["ConvLSTM3D", [4, 5], [2, 3]],
  ] as const)("%s", async (className, size, kernelSize) => {
    const layer = layers.convLstm2d({ filters: 3, kernelSize: [...kernelSize], name: "c" });
    const model = chain([2, ...size, 2], layer);
    const x = randomTensor([2, 2, ...size, 2]);
    const wanted = model.predict(x) as tf.Tensor;
    const line = className === "ConvLSTM1D";
    const change = (shape: readonly (number | null)[], axis: number) =>
      line ? shape.toSpliced(axis, 1) : shape.toSpliced(axis, 0, 1);
    const artifacts = await artifactsOf(model);
    const topology = JSON.parse(JSON.stringify(artifacts.modelTopology).replace("ConvLSTM2D", className));
    const [input, recurrent] = topology.config.layers;
    input.config.batch_input_shape = change(input.config.batch_input_shape, 3);
    for (const key of ["kernel_size", "strides", "dilation_rate"])
      recurrent.config[key] = change(recurrent.config[key], 1);
    if (!line) recurrent.config.kernel_size[1] = 1;
    const weightSpecs = artifacts.weightSpecs!.map((spec) => ({
      ...spec,
      shape: spec.shape.length === 1 ? spec.shape : (change(spec.shape, 1) as number[]),
    }));
    const { graph } = forward(
      { ...artifacts, modelTopology: topology, weightSpecs },
      { training: false, weights: "constants" },
    );
    const [got] = Object.values(await runGraph(graph, [x.reshape(change(x.shape, 3) as number[])]));
    expectClose(got, wanted.reshape(change(wanted.shape, 2) as number[]));
  });

  test("an unknown number of steps, or an unknown size, is refused", async () => {
    for (const shape of [
      [null, 6, 6, 2],
      [3, null, 6, 2],
    ]) {
      const model = await artifactsOf(chain(shape, layers.convLstm2d({ filters: 3, kernelSize: 3, name: "c" })));
      expect(() => forward(model, { training: false, weights: "constants" })).toThrow(
        expect.objectContaining({ code: "unsupported" }),
      );
    }
  });
});
