import { readMetadata } from "@resonnx/base";
import { decode } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { type ExportStage, exportModel } from "./index.ts";
import { expectClose, runOnnx } from "./testing/onnxruntime.ts";
import { chain, randomizeWeights, randomTensor } from "./testing/tiny.ts";

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;

/** A picture through everything that the passes touch: padding, convolution, normalization, pooling, a dense head. */
const small = () =>
  chain(
    [8, 8, 3],
    layers.zeroPadding2d({ padding: 1, name: "pad" }),
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, name: "conv" }),
    layers.batchNormalization({ name: "bn" }),
    layers.activation({ activation: "relu", name: "act" }),
    layers.maxPooling2d({ name: "pool" }),
    layers.flatten({ name: "flat" }),
    layers.dense({ units: 3, activation: "softmax", name: "fc" }),
  );

/** The tutorial's blocks: [batch, 4, 4, 6], filters 2, 4, 6; with a projection and stride 2 on the shortcut or without. */
function block(strides: 1 | 2): tf.LayersModel {
  const input = tf.input({ shape: [4, 4, 6], name: "input_1" });
  const conv = (x: Symbolic, branch: string, filters: number, kernelSize: number, strides: number): Symbolic => {
    const y = layers.conv2d({ filters, kernelSize, strides, padding: "same", name: `res1a_branch${branch}` }).apply(x);
    return layers.batchNormalization({ axis: 3, name: `bn1a_branch${branch}` }).apply(y) as Symbolic;
  };
  const relu = (x: Symbolic, name: string) => layers.activation({ activation: "relu", name }).apply(x) as Symbolic;
  const first = relu(conv(input, "2a", 2, 1, strides), "activation_1");
  const second = relu(conv(first, "2b", 4, 2, 1), "activation_2");
  const shortcut = strides === 1 ? input : conv(input, "1", 6, 1, strides);
  const sum = layers.add({ name: "add_1" }).apply([conv(second, "2c", 6, 1, 1), shortcut]) as Symbolic;
  return randomizeWeights(tf.model({ inputs: input, outputs: relu(sum, "activation_3") }));
}

test("optimized and plain files give what tfjs predicts", async () => {
  const model = small();
  const x = randomTensor([3, 8, 8, 3]);
  const lean = await exportModel(model);
  const plain = await exportModel(model, { optimize: false });
  expect(lean.report.ops).toEqual({ Transpose: 1, Conv: 1, Relu: 1, MaxPool: 1, Flatten: 1, Gemm: 1, Softmax: 1 });
  expect(plain.report.ops).toMatchObject({ Pad: 1, BatchNormalization: 1 });
  expect(plain.report.passes).toEqual([{ pass: "keepPadApart", changes: 0 }]);
  for (const { bytes } of [lean, plain])
    expectClose((await runOnnx(bytes, { input_1: x })).fc, model.predict(x) as tf.Tensor);
});

test.each([1, 2])(
  "a plain file pads in front of a pool by %i as tfjs does, between convolutions and alone",
  async (padding) => {
    const pad = () => layers.zeroPadding2d({ padding, name: "pad" });
    const pool = () => layers.maxPooling2d({ poolSize: 2, strides: 1, name: "pool" });
    const below = layers.conv2d({ filters: 2, kernelSize: 3, activation: "tanh", name: "conv" });
    const x = randomTensor([2, 6, 6, 3]).sub(3); // zeros win
    for (const model of [chain([6, 6, 3], pad(), pool()), chain([6, 6, 3], below, pad(), pool())]) {
      const wanted = model.predict(x) as tf.Tensor;
      const { bytes } = await exportModel(model, { optimize: false });
      expectClose((await runOnnx(bytes, [x])).pool, wanted);
      const turned = await exportModel(model, { optimize: false, layout: "nchw" });
      expectClose((await runOnnx(turned.bytes, [x.transpose([0, 3, 1, 2])])).pool, wanted.transpose([0, 3, 1, 2]));
    }
  },
);

test.each([1, 2] as const)(
  "the tutorial's block with stride %i: NHWC in, NHWC out, two transposes",
  async (strides) => {
    const model = block(strides);
    const { bytes, report } = await exportModel(model);
    const convs = strides === 1 ? 3 : 4;
    expect(report.ops).toEqual({ Transpose: 2, Conv: convs, Relu: 3, Add: 1 });
    const x = randomTensor([3, 4, 4, 6]);
    expectClose((await runOnnx(bytes, [x])).activation_3, model.predict(x) as tf.Tensor);
  },
);

test("the report says what is in the file", async () => {
  const model = small();
  const { report } = await exportModel(model);
  expect(report).toMatchObject({ nodes: 7, opset: 17, parameters: model.countParams() });
  expect(report.passes.filter(({ changes }) => changes > 0).map(({ pass }) => pass)).toEqual([
    "foldBatchNorm",
    "foldPad",
    "foldTranspose",
    "fuseGemm",
  ]);
});

test("the file explains itself", async () => {
  const { bytes } = await exportModel(small(), { metadata: { labels: ["a", "b", "c"] } });
  expect(readMetadata(bytes)).toEqual({ labels: ["a", "b", "c"], source: { format: "tfjs-layers", name: "tiny" } });
});

test("a batch size that is asked for is fixed", async () => {
  const { bytes } = await exportModel(small(), { batchSize: 4 });
  expect(decode(bytes).inputs[0]!.shape).toEqual([4, 8, 8, 3]);
});

test("stages are told in order, and a signal stops between them", async () => {
  const stages: ExportStage[] = [];
  await exportModel(small(), { onProgress: (stage, share) => share === undefined && stages.push(stage) });
  expect(stages).toEqual(["read", "build", "optimize", "encode"]);
  const controller = new AbortController();
  const onProgress = (stage: ExportStage) => stage === "optimize" && controller.abort();
  await expect(exportModel(small(), { signal: controller.signal, onProgress })).rejects.toMatchObject({
    code: "aborted",
  });
});

describe("refusals", () => {
  test.each([
    [{ opset: 12 }, "unsupported", "got 12, wanted 13 to 23"],
    [{ opset: 17.5 }, "unsupported", "got 17.5"],
    [{ batchSize: 0 }, "bad-input", "got 0"],
  ])("%j", async (options, code, message) => {
    await expect(exportModel(small(), options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
