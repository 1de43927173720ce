import { exportModel } from "@resonnx/export";
import { decode, encode, floats } from "@resonnx/onnx";
import { type Backend, type Case, checkParity, firstDifference, type ParityResult } from "@resonnx/parity";
import { Tensor } from "@resonnx/runtime";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BACKEND_NAMES, backends } from "./index.ts";
import { nodeChild } from "./node-child.ts";
import { webSession } from "./web-session.ts";

/** A little of everything that an image classifier has, with weights drawn from a sine. */
function tinyClassifier(): tf.LayersModel {
  const input = tf.input({ shape: [8, 8, 3], name: "picture" });
  const conv = tf.layers.conv2d({ filters: 8, kernelSize: 3, padding: "same", activation: "relu", name: "conv" });
  const norm = tf.layers.batchNormalization({ name: "norm" });
  const pool = tf.layers.maxPooling2d({ poolSize: 2, name: "pool" });
  const flat = tf.layers.flatten({ name: "flat" });
  const fc = tf.layers.dense({ units: 5, activation: "softmax", name: "fc" });
  const layers = [conv, norm, pool, flat, fc];
  const output = layers.reduce<tf.SymbolicTensor>((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const model = tf.model({ inputs: input, outputs: output });
  let drawn = 0;
  const draw = (size: number, positive: boolean) =>
    Float32Array.from({ length: size }, () => (positive ? 1 : 0) + 0.5 * Math.sin(++drawn * 1.7));
  model.setWeights(
    model.weights.map(({ shape, name }) =>
      tf.tensor(draw(tf.util.sizeFromShape(shape as number[]), /variance/.test(name)), shape as number[]),
    ),
  );
  return model;
}

function pictures(name: string, count: number): Case {
  const data = Float32Array.from({ length: count * 192 }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.37 + count));
  return { name, inputs: { picture: new Tensor("float32", data, [count, 8, 8, 3]) } };
}

/** The same file with the dense layer's weights halved. */
function otherDense(bytes: Uint8Array): Uint8Array {
  const graph = decode(bytes);
  for (const node of graph.order()) {
    const weights = node.op === "Gemm" || node.op === "MatMul" ? node.inputs[1]?.constant : undefined;
    if (weights?.dtype !== "float32") continue;
    const halved = graph.constant(
      floats(
        weights.dims,
        weights.data.map((weight) => weight / 2),
      ),
    );
    graph.setInputs(node, [node.inputs[0], halved, ...node.inputs.slice(2)]);
  }
  return encode(graph);
}

const model = tinyClassifier();
const loadArtifacts = async () => {
  let captured: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      captured = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return captured!;
};

describe("the backends of this machine", () => {
  let result: ParityResult;
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = (await exportModel(model)).bytes;
    result = await checkParity({
      model: bytes,
      cases: [pictures("ten", 10), pictures("one", 1)],
      reference: backends.tfjs({ loadArtifacts }),
      backends: BACKEND_NAMES.map((name) => backends[name]({ loadArtifacts })),
    });
  });

  test.each(BACKEND_NAMES.filter((name) => name !== "ort-node-cuda"))("%s agrees with tfjs", (name) => {
    const report = result.backends.find((backend) => backend.name === name);
    expect(report).toMatchObject({ status: "ok", reason: null, argmaxAgree: true });
    expect(report?.maxAbs).toBeLessThan(1e-5); // a model this small is exact to float32 everywhere
  });

  test("each says what it ran on", () => {
    const providers = Object.fromEntries(result.backends.map(({ name, provider }) => [name, provider]));
    expect(providers).toMatchObject({
      tfjs: expect.stringMatching(/^tfjs 4\.\d+\.\d+ wasm$/),
      "ort-node-cpu": "cpu",
      "ort-node-webgpu": expect.stringMatching(/^webgpu \((SwiftShader|hardware)\)$/),
      "ort-web-wasm": expect.stringMatching(/^wasm in Chromium 147\./),
      "ort-web-webgpu": expect.stringMatching(/^webgpu \(google swiftshader\) in Chromium 147\./),
    });
  });

  test("software WebGPU gets eight pictures, the others all", () => {
    const rows = Object.fromEntries(result.backends.map((backend) => [backend.name, backend.rows]));
    expect(rows).toMatchObject({
      tfjs: 11,
      "ort-node-cpu": 11,
      "ort-web-wasm": 11,
      "ort-node-webgpu": 8,
      "ort-web-webgpu": 8,
    });
  });

  test("CUDA runs, or is skipped for want of its library or a GPU", () => {
    const cuda = result.backends.find(({ name }) => name === "ort-node-cuda");
    expect(["ok", "skipped"]).toContain(cuda?.status);
    if (cuda?.status === "skipped") expect(cuda.reason).toMatch(/^onnxruntime-node: cuda: .+/);
    expect(result.ok).toBe(true);
  });

  test("other weights differ", async () => {
    const other = tinyClassifier();
    other.setWeights(other.getWeights().map((weights, i) => (i === 0 ? weights.mul(1.5) : weights)));
    const { bytes: changed } = await exportModel(other);
    const names = ["ort-node-cpu", "ort-web-wasm"] as const; // software WebGPU takes seconds more
    const differing = await checkParity({
      model: changed,
      cases: [pictures("four", 4)],
      reference: backends.tfjs({ loadArtifacts }),
      backends: names.map((name) => backends[name]({})),
    });
    expect(differing.backends.map(({ status }) => status)).toEqual(names.map(() => "differs"));
  });

  test("the first node that differs is named", async () => {
    const cpu = backends["ort-node-cpu"]({});
    const tampered: Backend = {
      ...backends["ort-web-wasm"]({}),
      open: (model) => webSession(otherDense(model), "wasm"),
    };
    const { inputs } = pictures("four", 4);
    const found = await firstDifference({ model: bytes, inputs, reference: cpu, backend: tampered });
    expect(found).toMatchObject({ op: expect.stringMatching(/^(Gemm|MatMul)$/), comparison: { agree: false } });
    expect(await firstDifference({ model: bytes, inputs, reference: cpu, backend: cpu })).toBeNull();
    const reference = backends.tfjs({ loadArtifacts });
    const cases = [pictures("four", 4)];
    const result = await checkParity({ model: bytes, cases, reference, backends: [tampered], nodeReference: cpu });
    expect(result.backends).toMatchObject([{ status: "differs", firstDifference: { node: found?.node } }]);
  });

  test("a refused run in the child leaves the next one alone, and its end is told", async () => {
    const session = await backends["ort-node-webgpu"]({}).open(bytes);
    const wrong = { picture: new Tensor("float32", new Float32Array(12), [1, 2, 2, 3]) };
    await expect(session.run(wrong)).rejects.toMatchObject({ code: "bad-input" });
    const { fc } = await session.run(pictures("one", 1).inputs);
    expect(fc?.dims).toEqual([1, 5]);
    await session.close();
    await session.close();
    await expect(session.run(wrong)).rejects.toMatchObject({ code: "failed" });
  });
});

describe("refusals", () => {
  test("tfjs without its model is unavailable", async () => {
    await expect(backends.tfjs({}).open(new Uint8Array())).rejects.toMatchObject({ code: "unavailable" });
  });

  test.each(["ort-node-cpu", "ort-node-webgpu", "ort-web-wasm"] as const)(
    "%s refuses what is no model",
    async (name) => {
      await expect(backends[name]({}).open(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: "bad-input" });
    },
  );

  test("a child that can't find its driver is unavailable, not a hang", async () => {
    const nowhere = { VK_DRIVER_FILES: "/no/such/driver.json" };
    const { bytes } = await exportModel(model);
    await expect(nodeChild(bytes, "webgpu", nowhere, "webgpu")).rejects.toMatchObject({ code: "unavailable" });
  });
});

afterAll(() => model.dispose());
