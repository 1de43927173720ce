import { expect, test } from "vitest";
import type { Device } from "../../engines/engine.ts";
import { chooseEngine } from "./choose-engine.ts";

test("takes the engine that is named, and says why", async () => {
  expect(await chooseEngine({ engine: "onnx", device: "auto" })).toMatchObject({
    name: "onnx",
    device: "cpu",
    reason: "asked for",
  });
  expect(await chooseEngine({ engine: "tfjs", device: "cpu" })).toMatchObject({ name: "tfjs", device: "cpu" });
});

test("onnx trains on the device that is named, and says what to expect there", async () => {
  expect(await chooseEngine({ engine: "onnx", device: "webgpu" })).toMatchObject({
    device: "webgpu",
    reason: "asked for; on a software adapter it is 100 times slower than the CPU",
  });
  expect(await chooseEngine({ engine: "onnx", device: "cuda" })).toMatchObject({
    device: "cuda",
    reason: "asked for; not measured on CUDA yet",
  });
});

test("auto takes onnx where tfjs-node-gpu sees no GPU, with the reason", async () => {
  const engine = await chooseEngine({ engine: "auto", device: "auto" });
  if (engine.name === "tfjs-node-gpu") expect(engine.device).toBe("cuda");
  else
    expect(engine).toMatchObject({ name: "onnx", device: "cpu", reason: expect.stringMatching(/tfjs-node-gpu|GPU/) });
});

test("auto's reason is of the device that was named", async () => {
  const reasonOn = async (device: Device) => (await chooseEngine({ engine: "auto", device })).reason;
  expect(await reasonOn("cpu")).toBe("the fastest engine on a CPU");
  expect(await reasonOn("webgpu")).toMatch(/^the only engine on WebGPU; on a software adapter/);
  expect(await reasonOn("cuda")).toMatch(
    /^(it loads and sees a GPU|the engine that is left on CUDA, and .*; not measured)/,
  );
});

test("never falls back in silence", async () => {
  const refused = (choice: Parameters<typeof chooseEngine>[0]) => expect(chooseEngine(choice)).rejects;
  await refused({ engine: "tfjs", device: "webgpu" }).toThrow(
    "--device: tfjs does not train there (got webgpu, wanted cpu)",
  );
});
