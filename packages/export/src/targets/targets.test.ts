import { readMetadata } from "@resonnx/base";
import { decode } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { exportModel, markdownReport, type OpenModel } from "../index.ts";
import { expectClose, runOnnx } from "../testing/onnxruntime.ts";
import { chain, randomTensor } from "../testing/tiny.ts";

const { layers } = tf;

/** Pictures in, pictures and a score a class out. */
const small = (dataFormat: "channelsFirst" | "channelsLast" = "channelsLast") =>
  chain(
    dataFormat === "channelsLast" ? [8, 8, 3] : [3, 8, 8],
    layers.conv2d({ filters: 16, kernelSize: 3, padding: "same", dataFormat, name: "conv" }),
    layers.batchNormalization({ name: "bn", axis: dataFormat === "channelsLast" ? 3 : 1 }),
    layers.activation({ activation: "relu", name: "act" }),
  );
const classifier = () =>
  chain(
    [8, 8, 3],
    layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, name: "conv" }),
    layers.batchNormalization({ name: "bn" }),
    layers.activation({ activation: "relu", name: "act" }),
    layers.flatten({ name: "flat" }),
    layers.dense({ units: 32, activation: "softmax", name: "fc" }),
  );
const x = () => randomTensor([3, 8, 8, 3]);
const nchw = (value: tf.Tensor) => value.transpose([0, 3, 1, 2]);

describe("layout", () => {
  test("NCHW inputs and outputs need no Transpose", async () => {
    const model = small();
    const { bytes, report } = await exportModel(model, { layout: "nchw" });
    expect(report.ops).toEqual({ Conv: 1, Relu: 1 });
    expect(decode(bytes).inputs[0]!.shape).toEqual(["batch", 3, 8, 8]);
    expectClose((await runOnnx(bytes, [nchw(x())])).act, nchw(model.predict(x()) as tf.Tensor));
  });

  test("the source's own layout changes nothing", async () => {
    const { bytes } = await exportModel(small());
    expect((await exportModel(small(), { layout: "nhwc" })).bytes.length).toBe(bytes.length);
  });

  test("a channels_first model is NCHW, and NHWC when asked", async () => {
    const own = decode((await exportModel(small("channelsFirst"))).bytes);
    expect(own.inputs[0]!.shape).toEqual(["batch", 3, 8, 8]);
    const turned = decode((await exportModel(small("channelsFirst"), { layout: "nhwc" })).bytes);
    expect([turned.inputs[0]!.shape, turned.outputs[0]!.value.shape]).toEqual([
      ["batch", 8, 8, 3],
      ["batch", 8, 8, 16],
    ]);
  });

  test("the file's preprocessing says the new layout", async () => {
    const preprocessing = {
      width: 8,
      height: 8,
      channelOrder: "rgb",
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      layout: "nhwc",
    } as const;
    const { bytes } = await exportModel(small(), { layout: "nchw", metadata: { preprocessing } });
    expect(readMetadata(bytes).preprocessing?.layout).toBe("nchw");
  });
});

describe("names", () => {
  test("inputs and outputs get the names asked for", async () => {
    const { bytes } = await exportModel(small(), { rename: { input_1: "pixels", act: "features" } });
    const graph = decode(bytes);
    expect([graph.inputs[0]!.name, graph.outputs[0]!.name]).toEqual(["pixels", "features"]);
    expect(Object.keys(await runOnnx(bytes, { pixels: x() }))).toEqual(["features"]);
  });

  test.each([
    [{ nobody: "x" }, "no input or output of that name (got nobody, wanted inputs and outputs: input_1, act)"],
    [{ act: "" }, '"act" can\'t be called'],
    [JSON.parse('{"__proto__": "x"}'), "no input or output of that name (got __proto__"],
  ])("%j is refused", async (rename, message) => {
    await expect(exportModel(small(), { rename })).rejects.toThrow(message);
  });
});

/** onnxruntime, as callers hand it in. */
const open: OpenModel = async (bytes) => {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  return async (inputs) =>
    session.run(
      Object.fromEntries(
        Object.entries(inputs).map(([name, { data, dims }]) => [
          name,
          new Tensor("float32", data as Float32Array, dims),
        ]),
      ),
    );
};

describe("precision", () => {
  test("fp16: half the size, inputs and outputs float32, casts at the border only", async () => {
    const model = classifier();
    const full = await exportModel(model);
    const { bytes, report } = await exportModel(model, { precision: "fp16" });
    expect(bytes.length).toBeLessThan(full.bytes.length * 0.62);
    expect(report).toMatchObject({ precision: "fp16", kept: [], ops: { Cast: 2 } });
    expectClose((await runOnnx(bytes, [x()])).fc, model.predict(x()) as tf.Tensor, 0.02);
    const half = decode((await exportModel(model, { precision: "fp16", halfIo: true })).bytes);
    expect(half.inputs[0]!.type.dtype).toBe("float16");
  });

  test("int8 weights: a quarter of the size", async () => {
    const model = classifier();
    const full = await exportModel(model);
    const { bytes, report } = await exportModel(model, { precision: "int8" });
    expect(bytes.length).toBeLessThan(full.bytes.length * 0.4);
    expect(report.quantized).toEqual({ weights: 2, activations: 0 });
    expectClose((await runOnnx(bytes, [x()])).fc, model.predict(x()) as tf.Tensor, 0.05);
  });

  test("static int8, calibrated with samples", async () => {
    const model = classifier();
    const samples = [1, 2].map((seed) => ({
      input_1: { dims: [4, 8, 8, 3], data: randomTensor([4, 8, 8, 3], seed).dataSync() },
    }));
    const { bytes, report } = await exportModel(model, { precision: "int8", calibration: { open, samples } });
    expect(report.quantized).toEqual({ weights: 2, activations: 2 });
    expect(report.ops).toMatchObject({ QuantizeLinear: 2, DequantizeLinear: 6 });
    expectClose((await runOnnx(bytes, [x()])).fc, model.predict(x()) as tf.Tensor, 0.1);
  });

  test.each([
    [{ halfIo: true }, "halfIo"],
    [{ precision: "fp16", calibration: { open, samples: [] } }, "calibration"],
    [{ precision: "int8", calibration: { open, samples: [] } }, "no sample was given"],
    [{ precision: "int4" as "int8" }, "fp32, fp16, int8"],
    [{ layout: "chwn" as "nchw" }, "nhwc, nchw"],
  ] as const)("%o is refused", async (options, message) => {
    await expect(exportModel(classifier(), options)).rejects.toThrow(message);
  });
});

describe("external data", () => {
  const externalData = { location: "model.onnx.data" };

  test("over the limit, weights come apart and the file names where they are", async () => {
    const model = classifier();
    const { bytes, data, report } = await exportModel(model, { externalData: { ...externalData, limit: 4000 } });
    expect(bytes.length).toBeLessThan(4000);
    expect(report.sizes).toMatchObject({ file: bytes.length, data: data!.length });
    const session = await InferenceSession.create(bytes, {
      externalData: [{ path: "model.onnx.data", data: data! }],
      logSeverityLevel: 3,
    });
    const { fc } = await session.run({ input_1: new Tensor("float32", x().dataSync() as Float32Array, [3, 8, 8, 3]) });
    await session.release();
    expectClose({ dims: fc!.dims, data: fc!.data as Float32Array }, model.predict(x()) as tf.Tensor);
  });

  test("under it, there is one file", async () => {
    const exported = await exportModel(classifier(), { externalData });
    expect(exported.data).toBeUndefined();
    expect(exported.bytes).toEqual((await exportModel(classifier())).bytes);
  });
});

test("the report maps every layer to the nodes that do its work", async () => {
  const { report } = await exportModel(classifier());
  expect(report.layers).toEqual([
    { layer: "input_1", className: "InputLayer", nodes: [] },
    { layer: "conv", className: "Conv2D", nodes: ["Transpose", "conv"] },
    { layer: "bn", className: "BatchNormalization", nodes: ["conv"] },
    { layer: "act", className: "Activation", nodes: ["act"] },
    { layer: "flat", className: "Flatten", nodes: expect.arrayContaining(["flat"]) },
    { layer: "fc", className: "Dense", nodes: expect.arrayContaining(["fc"]) },
  ]);
  expect(report.sizes.source).toBe(4 * report.parameters);
  const text = markdownReport(report);
  expect(text).toContain("| bn | BatchNormalization | conv |");
  expect(text).toContain("| foldBatchNorm | 1 |");
  expect(text).toContain("Every operator has a WebGPU kernel.");
});

test("weights report how far they are written", async () => {
  const shares: number[] = [];
  await exportModel(classifier(), { onProgress: (stage, share) => stage === "encode" && share && shares.push(share) });
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});
