import { getBackend, setBackend } from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { DEVICES, ENGINE_NAMES } from "@resonnx/core";
import { expect, test } from "vitest";
import { checkEngines, checkTfjs } from "./checks.ts";

test("every engine is tried on every device, and tfjs computes on the same backend afterwards", async () => {
  await setBackend("wasm");
  const checks = await checkEngines();
  expect(checks.map(({ name }) => name)).toEqual(
    ENGINE_NAMES.flatMap((engine) => DEVICES.map((device) => `${engine} on ${device}`)),
  );
  expect(checks.find(({ name }) => name === "tfjs on cpu")).toEqual({
    name: "tfjs on cpu",
    works: true,
    detail: "trains",
  });
  expect(checks.find(({ name }) => name === "onnx on cpu")).toMatchObject({ works: true, detail: "trains" });
  expect(getBackend()).toBe("wasm");
});

test("trying tfjs leaves its backend as it was", async () => {
  await setBackend("cpu");
  expect(await checkTfjs()).toMatchObject({ works: true, detail: expect.stringMatching(/^tfjs \S+ wasm$/) });
  expect(getBackend()).toBe("cpu");
});
