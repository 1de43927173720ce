import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { exportModel, type RunTensors, verifyExport } from "../index.ts";
import { runOnnx } from "../testing/onnxruntime.ts";
import { chain } from "../testing/tiny.ts";
import { compareOutput } from "./compare.ts";

const model = () =>
  chain(
    [null, 6],
    tf.layers.conv1d({ filters: 4, kernelSize: 3, padding: "same", name: "conv" }),
    tf.layers.dense({ units: 2, activation: "tanh", name: "fc" }),
  );
const toTf = (inputs: RunTensors) =>
  Object.values(inputs).map(({ dims, data }) => tf.tensor(data as Float32Array, [...dims]));
const sourceOf = (source: tf.LayersModel) => async (inputs: RunTensors) => {
  const output = source.predict(toTf(inputs)) as tf.Tensor;
  return { fc: { dims: output.shape, data: await output.data() } };
};

test("a good export agrees on generated inputs of any free size", async () => {
  const source = model();
  const { bytes } = await exportModel(source);
  const sizes: string[] = [];
  const verification = await verifyExport(bytes, {
    runSource: sourceOf(source),
    runExported: (inputs) => {
      sizes.push(`${inputs.input_1!.dims}`);
      return runOnnx(bytes, toTf(inputs));
    },
  });
  expect(verification).toMatchObject({ ok: true, rounds: 3, outputs: [{ output: "fc" }] });
  expect(verification.outputs[0]!.maxAbs).toBeLessThan(1e-5);
  expect(sizes).toEqual(["2,7,6", "2,7,6", "2,7,6"]);
});

test("another model's file does not", async () => {
  const { bytes } = await exportModel(model());
  const other = chain([null, 6], tf.layers.dense({ units: 2, name: "fc" }));
  const verification = await verifyExport(bytes, {
    runSource: sourceOf(other),
    runExported: (inputs) => runOnnx(bytes, toTf(inputs)),
    rounds: 1,
  });
  expect(verification.ok).toBe(false);
  expect(verification.outputs[0]!.worst).toBeGreaterThan(1);
});

test("a row of an embedding that differs is found", async () => {
  const table = (last: number) => {
    const source = chain([20], tf.layers.embedding({ inputDim: 10, outputDim: 1, name: "fc" }));
    source.setWeights([tf.tensor2d([...new Array<number>(9).fill(0.5), last], [10, 1])]);
    return source;
  };
  const { bytes } = await exportModel(table(0.5));
  const runExported = (inputs: RunTensors) => runOnnx(bytes, toTf(inputs));
  const ok = async (last: number) => (await verifyExport(bytes, { runSource: sourceOf(table(last)), runExported })).ok;
  expect([await ok(0.5), await ok(0.6)]).toEqual([true, false]);
});

test.each([
  [
    "equal",
    [1, Number.NaN, Number.POSITIVE_INFINITY],
    [1, Number.NaN, Number.POSITIVE_INFINITY],
    { maxAbs: 0, worst: 0 },
  ],
  ["within", [1.0005, 0, 0], [1, 0, 0], { maxAbs: expect.closeTo(5e-4, 6) }],
  ["NaN on one side", [Number.NaN, 0, 0], [1, 0, 0], { problem: "element 0 is NaN, wanted 1" }],
])("comparison: %s", (_, got, wanted, result) => {
  const tensor = (data: readonly number[]) => ({ dims: [3], data });
  expect(compareOutput("y", tensor(got), tensor(wanted))).toMatchObject(result);
});

test("comparison: other shapes and missing outputs are named", () => {
  const tensor = { dims: [1], data: [1] };
  expect(compareOutput("y", { dims: [1, 1], data: [1] }, tensor).problem).toBe("shape [1,1], wanted [1]");
  expect(compareOutput("y", undefined, tensor).problem).toBe("the exported model does not give it");
});

test("a file in the other layout is compared with the source in its own", async () => {
  const source = chain([4, 5, 3], tf.layers.conv2d({ filters: 2, kernelSize: 2, name: "fc" }));
  const { bytes, report } = await exportModel(source, { layout: "nchw" });
  expect(report.layouts).toEqual({ source: "nhwc", file: "nchw" });
  const seen: string[] = [];
  const verification = await verifyExport(bytes, {
    sourceLayout: report.layouts.source,
    runSource: (inputs) => {
      seen.push(`${inputs.input_1!.dims}`);
      return sourceOf(source)(inputs);
    },
    runExported: (inputs) => runOnnx(bytes, toTf(inputs)),
    rounds: 1,
  });
  expect(seen).toEqual(["2,4,5,3"]);
  expect(verification.ok).toBe(true);
});
