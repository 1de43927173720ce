import { existsSync } from "node:fs";
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
    ops: { Transpose: 1, Conv: 21, Relu: 19, Add: 9, AveragePool: 1, Reshape: 1, Gemm: 1, Softmax: 1 },
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
