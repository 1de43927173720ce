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
    GlobalAveragePool: 1,
    Reshape: 1,
    MatMul: 1, // this model's bias is all zeros
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

test("NCHW pictures need no transpose: 122 nodes", async () => {
  const { bytes, report } = await exportModel(model, { layout: "nchw" });
  expect(report.nodes).toBe(122);
  const x = randomTensor([2, 64, 64, 3]);
  const { fc6 } = await runOnnx(bytes, { input_1: x.transpose([0, 3, 1, 2]) });
  expectClose(fc6, model.predict(x) as tf.Tensor);
});

test.each([
  ["fp16", 2, 0.02],
  ["int8", 3.9, 0.1],
] as const)("%s is %d times smaller, and close", async (precision, times, tolerance) => {
  const { bytes, report } = await exportModel(model, { precision });
  expect(exported.bytes.length / bytes.length).toBeGreaterThan(times - 0.02);
  expect(report.kept).toEqual([]);
  const x = randomTensor([2, 64, 64, 3]);
  expectClose((await runOnnx(bytes, { input_1: x })).fc6, model.predict(x) as tf.Tensor, tolerance);
});

test("every operator has a WebGPU kernel, and every layer's work is found", () => {
  const { report } = exported;
  expect(report.webgpu).toEqual([]);
  const idle = report.layers.filter(({ nodes }) => nodes.length === 0).map(({ className }) => className);
  expect(new Set(idle)).toEqual(new Set(["InputLayer"]));
});
