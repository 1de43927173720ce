import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { artifactsOf, exportModel } from "../index.ts";
import { testLikeTfjs } from "../testing/like-tfjs.ts";
import { expectClose, runOnnx } from "../testing/onnxruntime.ts";
import { chain, randomTensor } from "../testing/tiny.ts";

const { layers } = tf;

/** Every activation of tfjs, by the name in its API. */
const activations = [
  "elu",
  "gelu",
  "gelu_new",
  "hardSigmoid",
  "linear",
  "logSoftmax",
  "mish",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
] as const;

/** Spreads [-1, 1) over what activations treat differently. */
const wide = (units: number) => layers.dense({ units, name: "d", useBias: true });

describe("activations", () => {
  testLikeTfjs(
    Object.fromEntries(
      activations.map((name) => [
        name,
        [[3, 4], wide(6), layers.activation({ activation: name as "relu", name: "act" })], // the type lists some of them
      ]),
    ),
  );
});

test("a layer in an Activation", async () => {
  const artifacts = await artifactsOf(chain([4], layers.activation({ activation: "tanh", name: "a" })));
  const softmax = JSON.stringify({ class_name: "Softmax", config: { axis: -1 } });
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology).replace('"tanh"', softmax));
  const x = randomTensor([2, 4]);
  const { bytes, report } = await exportModel({ ...artifacts, modelTopology });
  expect(report.ops).toEqual({ Softmax: 1 });
  expectClose((await runOnnx(bytes, [x])).a, tf.softmax(x));
});

test("a layer in the place of an activation", async () => {
  const model = chain([4], layers.dense({ units: 3, activation: "tanh", name: "d" }));
  const artifacts = await artifactsOf(model);
  const leaky = JSON.stringify({ module: "keras.layers", class_name: "LeakyReLU", config: { name: "l", alpha: 0.2 } });
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology).replace('"tanh"', leaky));
  const x = randomTensor([2, 4]);
  const [kernel, bias] = model.getWeights();
  const { bytes } = await exportModel({ ...artifacts, modelTopology });
  expectClose((await runOnnx(bytes, [x])).d, tf.leakyRelu(x.matMul(kernel!).add(bias!), 0.2));
});

test("an activation without a rule is refused by name", async () => {
  const artifacts = await artifactsOf(chain([4], layers.dense({ units: 3, activation: "tanh", name: "d" })));
  const text = JSON.stringify(artifacts.modelTopology);
  for (const unknown of ['"sparsemax"', '{"class_name":"PReLU","config":{}}'])
    await expect(
      exportModel({ ...artifacts, modelTopology: JSON.parse(text.replace('"tanh"', unknown)) }),
    ).rejects.toMatchObject({ code: "unsupported" });
});

describe("layers", () => {
  testLikeTfjs({
    LeakyReLU: [[3, 4], layers.leakyReLU({ name: "r" })],
    "LeakyReLU with alpha": [[3, 4], layers.leakyReLU({ alpha: 0.1, name: "r" })],
    PReLU: [[3, 4], layers.prelu({ name: "p" })],
    "PReLU with shared axes": [[3, 4, 2], layers.prelu({ sharedAxes: [1, 2], name: "p" })],
    "PReLU behind a convolution": [
      [4, 4, 2],
      layers.conv2d({ filters: 3, kernelSize: 3, name: "c" }),
      layers.prelu({ sharedAxes: [1, 2], name: "p" }),
    ],
    ELU: [[3, 4], layers.elu({ name: "e" })],
    ThresholdedReLU: [[9], layers.thresholdedReLU({ theta: 0.3, name: "t" })],
    "ReLU with a maximum": [[9], layers.reLU({ maxValue: 0.5, name: "r" })],
    Softmax: [[4], layers.softmax({ name: "s" })],
    Dropout: [[5], layers.dropout({ rate: 0.5, name: "drop" })],
    SpatialDropout1D: [[5, 2], layers.spatialDropout1d({ rate: 0.5, name: "drop" })],
    GaussianNoise: [[5], layers.gaussianNoise({ stddev: 1, name: "n" })],
    GaussianDropout: [[5], layers.gaussianDropout({ rate: 0.5, name: "n" })],
    AlphaDropout: [[5], layers.alphaDropout({ rate: 0.5, name: "n" })],
  });
});
