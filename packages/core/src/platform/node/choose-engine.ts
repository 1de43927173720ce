import { ResonnxError } from "@resonnx/base";
import type { Device, Engine, EngineName } from "../../engines/engine.ts";
import { OnnxEngine } from "./onnx/onnx-engine.ts";

export interface EngineChoice {
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
}

/** The onnx engine on a device. Throws `unsupported` where step graphs have no lowering yet. */
function onnxEngine(device: Device | "auto", reason: string): Engine {
  if (device === "webgpu" || device === "cuda") {
    throw new ResonnxError("unsupported", {
      where: `engine onnx on ${device}`,
      what: "step graphs are lowered for the CPU only so far",
      hint: "use --device cpu",
    });
  }
  return new OnnxEngine("cpu", reason);
}

/** The engine that was asked for; `auto` takes onnx. Throws `unavailable` with the reason when it can't be had here. */
export async function chooseEngine({ engine, device }: EngineChoice): Promise<Engine> {
  return onnxEngine(device, engine === "auto" ? "the fastest engine on a CPU" : "asked for");
}
