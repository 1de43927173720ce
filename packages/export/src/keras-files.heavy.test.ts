import { existsSync, readFileSync } from "node:fs";
import { readHdf5 } from "@resonnx/keras";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { exportModel, readArtifacts } from "./index.ts";
import { expectClose, runOnnx } from "./testing/onnxruntime.ts";
import { randomTensor } from "./testing/tiny.ts";

const DATA = new URL("../../../../shared/data/", import.meta.url).pathname;

/** Models that others trained and published: file, operators of the export, input shape. tfjs itself is the reference. */
test.for([
  {
    file: "keras_h5/jflashner_happyModel.h5",
    ops: { Transpose: 1, Conv: 2, Relu: 2, MaxPool: 1, Flatten: 1, Gemm: 1, Sigmoid: 1 },
    shape: [2, 64, 64, 3],
  },
  {
    file: "keras_h5/jasonyl_cifar10_ResNet20v1.084.h5",
    ops: { Transpose: 1, Conv: 21, Relu: 19, Add: 9, GlobalAveragePool: 1, Reshape: 1, Gemm: 1, Softmax: 1 },
    shape: [2, 32, 32, 3],
  },
  {
    file: "tfjs_layers/doodlenet/model.json",
    ops: { Reshape: 1, Conv: 6, Relu: 6, Tanh: 1, MaxPool: 3, Flatten: 1, Gemm: 2, Softmax: 1 },
    shape: [2, 28, 28, 1],
  },
])("$file (needs ../shared/data)", async ({ file, ops, shape }, { skip }) => {
  skip(!existsSync(DATA + file), "needs ../shared/data");
  const artifacts = await readArtifacts(DATA + file);
  const { bytes, report } = await exportModel(artifacts, { where: file });
  expect(report.ops).toEqual(ops);
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const x = randomTensor(shape).add(1).div(2);
  const [output] = Object.values(await runOnnx(bytes, [x]));
  expectClose(output, model.predict(x) as tf.Tensor);
});

/** The other published models: those of tfjs 0.x to 1.2, Keras 2.0, many weight groups, `config` as a list of layers. */
test.for([
  { file: "keras_h5/oarriaga_fer2013_mini_XCEPTION.102-0.66.hdf5", shape: [2, 64, 64, 1] },
  { file: "keras_h5/yining1023_doodleNet-model.h5", shape: [2, 28, 28, 1] },
  { file: "tfjs_layers/ml5_darknettiny/model.json", shape: [1, 224, 224, 3] },
  { file: "tfjs_layers/tfjs_e2e_embedding_gru/model.json", shape: [2, 10], words: 100 },
  { file: "tfjs_layers/tfjs_examples_abalone/model.json", shape: [2, 8] },
  { file: "tfjs_layers/tfjs_rn59_dense/bundle_model_test.json", shape: [2, 10] },
])("$file gives what tfjs predicts (needs ../shared/data)", async ({ file, shape, words }, { skip }) => {
  skip(!existsSync(DATA + file), "needs ../shared/data");
  const artifacts = await readArtifacts(DATA + file);
  const { bytes } = await exportModel(artifacts, { where: file });
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const random = randomTensor(shape).add(1).div(2);
  const x = words === undefined ? random : random.mul(words).floor();
  const [output] = Object.values(await runOnnx(bytes, [x]));
  expectClose(output, model.predict(x) as tf.Tensor, 1e-4);
});

test("happyModel: the stored probabilities, 144 of 150 pictures right (needs ../shared/data)", async ({ skip }) => {
  skip(!existsSync(DATA), "needs ../shared/data");
  const probabilities: number[] = JSON.parse(
    readFileSync(`${DATA}keras_h5/jflashner_happyModel_numpy_probs.json`, "utf8"),
  ).probs;
  const { pixels, labels } = await readHdf5(readFileSync(`${DATA}h5/test_happy.h5`), "test_happy.h5", (file, h5) => {
    const [x, y] = ["test_set_x", "test_set_y"].map((name) => file.get(name));
    if (!(x instanceof h5.Dataset) || !(y instanceof h5.Dataset)) throw new Error("no pictures");
    return { pixels: Float32Array.from(x.value as Uint8Array), labels: Array.from(y.value as BigInt64Array, Number) };
  });
  const { bytes } = await exportModel(await readArtifacts(`${DATA}keras_h5/jflashner_happyModel.h5`));
  const [output] = Object.values(await runOnnx(bytes, [tf.tensor(pixels, [150, 64, 64, 3]).div(255)]));
  const scores = Array.from(output!.data);
  expect(scores.filter((score, i) => Math.abs(score - probabilities[i]!) > 1e-5)).toEqual([]);
  expect(scores.filter((score, i) => Number(score > 0.5) === labels[i])).toHaveLength(144);
});
