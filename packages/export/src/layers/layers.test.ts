import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { artifactsOf, forward } from "../index.ts";
import { expectClose, runGraph } from "../testing/onnxruntime.ts";
import { chain, randomTensor } from "../testing/tiny.ts";

const { layers } = tf;

/** One model a case: input shape without batch, and what follows the input. tfjs' own `predict` is the reference. */
const cases: Readonly<Record<string, readonly [readonly number[], ...tf.layers.Layer[]]>> = {
  "Conv2D valid": [[5, 6, 3], layers.conv2d({ filters: 4, kernelSize: [3, 2], name: "c" })],
  "Conv2D same, stride 2, even size": [
    [6, 8, 3],
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", name: "c" }),
  ],
  "Conv2D same, stride 2, odd size": [
    [7, 5, 3],
    layers.conv2d({ filters: 4, kernelSize: 2, strides: 2, padding: "same", name: "c" }),
  ],
  "Conv2D same, dilated, no bias": [
    [7, 7, 2],
    layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: "same", useBias: false, name: "c" }),
  ],
  "Conv2D with an activation": [[4, 4, 2], layers.conv2d({ filters: 3, kernelSize: 2, activation: "tanh", name: "c" })],
  "Conv2D channels first": [
    [3, 6, 6],
    layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: "same", dataFormat: "channelsFirst", name: "c" }),
  ],
  ZeroPadding2D: [
    [3, 4, 2],
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 3],
      ],
      name: "p",
    }),
  ],
  "ZeroPadding2D channels first": [
    [2, 3, 4],
    layers.zeroPadding2d({ padding: 1, dataFormat: "channelsFirst", name: "p" }),
  ],
  BatchNormalization: [[3, 4, 5], layers.batchNormalization({ axis: 3, name: "bn" })],
  "BatchNormalization, no scale, no center": [
    [4, 3],
    layers.batchNormalization({ scale: false, center: false, epsilon: 0.1, name: "bn" }),
  ],
  "BatchNormalization of vectors": [[6], layers.batchNormalization({ name: "bn" })],
  "MaxPooling2D valid": [[7, 7, 2], layers.maxPooling2d({ poolSize: 3, strides: 2, name: "m" })],
  "MaxPooling2D same, negative input": [
    [6, 5, 2],
    layers.dense({ units: 2, name: "d" }),
    layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same", name: "m" }),
  ],
  "AveragePooling2D same": [[5, 5, 3], layers.averagePooling2d({ poolSize: 2, padding: "same", name: "a" })],
  "AveragePooling2D channels first": [
    [3, 4, 4],
    layers.averagePooling2d({ poolSize: [2, 3], strides: [1, 2], dataFormat: "channelsFirst", name: "a" }),
  ],
  GlobalAveragePooling2D: [[4, 3, 5], layers.globalAveragePooling2d({ name: "g" })],
  Flatten: [[2, 3, 4], layers.flatten({ name: "f" })],
  "Flatten channels first": [[2, 3, 4], layers.flatten({ dataFormat: "channelsFirst", name: "f" })],
  Reshape: [[4, 6], layers.reshape({ targetShape: [2, -1, 3], name: "r" })],
  "Dense softmax": [[5], layers.dense({ units: 4, activation: "softmax", name: "d" })],
  "Dense over the last of three axes, no bias": [[3, 5], layers.dense({ units: 4, useBias: false, name: "d" })],
  Dropout: [[5], layers.dropout({ rate: 0.5, name: "drop" })],
  ReLU: [[5], layers.reLU({ name: "r" })],
  "ReLU with a maximum": [[9], layers.reLU({ maxValue: 0.5, name: "r" })],
  "Activation relu": [[5], layers.activation({ activation: "relu", name: "act" })],
  "Activation sigmoid": [[5], layers.activation({ activation: "sigmoid", name: "act" })],
  "Activation tanh": [[5], layers.activation({ activation: "tanh", name: "act" })],
  "Activation linear": [[5], layers.activation({ activation: "linear", name: "act" })],
  "Activation softmax of pictures": [[2, 2, 5], layers.activation({ activation: "softmax", name: "act" })],
};

describe("onnxruntime gives what tfjs predicts", () => {
  test.each(Object.entries(cases))("%s", async (_name, [shape, ...path]) => {
    const model = chain(shape, ...path);
    const x = randomTensor([2, ...shape]);
    const { graph, outputs } = forward(await artifactsOf(model), { training: false, weights: "constants" });
    const results = await runGraph(graph, { input_1: x });
    expect(outputs.map(({ name }) => name)).toEqual([path.at(-1)!.name]);
    expectClose(results[path.at(-1)!.name], model.predict(x) as tf.Tensor);
  });

  test("Add of three, one of them stretched", async () => {
    const a = tf.input({ shape: [3, 4], name: "a" });
    const b = tf.input({ shape: [3, 4], name: "b" });
    const c = tf.input({ shape: [1, 4], name: "c" });
    const model = tf.model({
      inputs: [a, b, c],
      outputs: layers.add({ name: "sum" }).apply([a, b, c]) as tf.SymbolicTensor,
    });
    const feeds = { a: randomTensor([2, 3, 4], 1), b: randomTensor([2, 3, 4], 2), c: randomTensor([2, 1, 4], 3) };
    const { graph } = forward(await artifactsOf(model), { training: false, weights: "constants" });
    expectClose((await runGraph(graph, feeds)).sum, model.predict(Object.values(feeds)) as tf.Tensor);
  });

  // tfjs' CPU kernel cycles the mean along the last axis whatever the axis is, so the formula is the reference.
  test("BatchNormalization along an inner axis", async () => {
    const model = chain([4, 3], layers.batchNormalization({ axis: 1, name: "bn" }));
    const x = randomTensor([2, 4, 3]);
    const { graph } = forward(await artifactsOf(model), { training: false, weights: "constants" });
    const [gamma, beta, mean, variance] = model.getWeights().map((weight) => weight.reshape([1, 4, 1]));
    const wanted = x.sub(mean!).div(variance!.add(1e-3).sqrt()).mul(gamma!).add(beta!);
    expectClose((await runGraph(graph, { input_1: x })).bn, wanted);
  });
});
