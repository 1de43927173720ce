import { expect, test } from "vitest";
import { BACKEND_NAMES } from "../backends/names.ts";
import { resonnx } from "../testing/resonnx.ts";

test("names every backend and engine, and why one doesn't work", async () => {
  const { code, out } = await resonnx(["doctor", "--json"]);
  const { node, packages, backends, engines } = JSON.parse(out);
  expect(node).toBe(process.versions.node);
  expect(packages).toMatchObject({ "onnxruntime-node": "1.30.0", "@tensorflow/tfjs": "4.22.0", h5wasm: "0.10.3" });
  expect(backends.map(({ name }: { name: string }) => name)).toEqual(BACKEND_NAMES);
  expect(backends).toEqual(expect.arrayContaining([{ name: "ort-node-cpu", works: true, detail: "cpu" }]));
  expect(engines).toEqual(expect.arrayContaining([{ name: "onnx on cpu", works: true, detail: "trains" }]));
  for (const { detail } of [...backends, ...engines]) expect(detail).not.toBe("");
  expect(code).toBe(0);
});
