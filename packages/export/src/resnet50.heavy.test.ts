import type * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { artifactsOf, type Exported, exportModel } from "./index.ts";
import { expectClose, runOnnx } from "./testing/onnxruntime.ts";
import { resnet50 } from "./testing/resnet50.ts";
import { randomTensor } from "./testing/tiny.ts";

let model: tf.LayersModel;
let exported: Exported;

beforeAll(async () => {
  model = resnet50();
  const artifacts = await artifactsOf(model);
  exported = await exportModel(artifacts);
});

test("is as lean as the network itself", () => {
  const { report } = exported;
  expect(report.ops).toEqual({
    Transpose: 1,
    Conv: 53,
    MaxPool: 1,
    Relu: 48,
    Add: 16,
    AveragePool: 1,
    Reshape: 1,
    Gemm: 1,
    Softmax: 1,
  });
  expect(report.nodes).toBe(123);
  expect(report.parameters).toBe(23_600_006);
  expect(report.ms).toBeLessThan(5000); // 0.5 s on an idle machine
});

test("gives what tfjs predicts, for any batch", async () => {
  const x = randomTensor([2, 64, 64, 3]);
  const wanted = model.predict(x) as tf.Tensor;
  expectClose((await runOnnx(exported.bytes, { input_1: x })).fc6, wanted);
  const one = x.slice([1, 0, 0, 0], [1, 64, 64, 3]);
  expectClose((await runOnnx(exported.bytes, { input_1: one })).fc6, wanted.slice([1, 0], [1, 6]));
});
