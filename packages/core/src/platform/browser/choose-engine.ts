import { ResonnxError } from "@resonnx/base";
import type { Device, Engine, EngineName } from "../../engines/engine.ts";
import { webgpuObstacle } from "./adapter.ts";
import { OnnxEngine } from "./onnx/onnx-engine.ts";
import type { WasmOptions } from "./onnx/protocol.ts";

export interface EngineChoice extends WasmOptions {
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
}

/**
 * The engine that was asked for, in a page: onnx on `webgpu`, or on `cpu`, which is wasm. `auto` takes WebGPU where
 * there is a real GPU. Throws `unsupported` for engines and devices that pages don't have.
 */
export async function chooseEngine({ engine, device, ...wasm }: EngineChoice): Promise<Engine> {
  if (engine !== "onnx" && engine !== "auto") throw unsupported("engine", engine, "onnx");
  if (device === "cuda") throw unsupported("device", device, "webgpu or cpu");
  if (device !== "auto") return new OnnxEngine(device, "asked for", wasm);
  const obstacle = await webgpuObstacle();
  return obstacle === undefined
    ? new OnnxEngine("webgpu", "the fastest device of a page with a GPU", wasm)
    : new OnnxEngine("cpu", obstacle, wasm);
}

const unsupported = (where: string, got: string, wanted: string): ResonnxError =>
  new ResonnxError("unsupported", { where, what: "does not train in a web page", got, wanted });
