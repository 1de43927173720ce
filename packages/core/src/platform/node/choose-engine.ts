import { ResonnxError } from "@resonnx/base";
import type { Device, Engine, EngineName } from "../../engines/engine.ts";
import { OnnxEngine } from "./onnx/onnx-engine.ts";
import { tfjsEngine } from "./tfjs/tfjs-engine.ts";

export interface EngineChoice {
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
}

/** What is to be known of a training on a device that was named; `auto` is the CPU. */
const REMARKS: { readonly [D in Device]: string } = {
  cpu: "",
  webgpu: "; on a software adapter it is 100 times slower than the CPU",
  cuda: "; not measured on CUDA yet",
};

/** Why `auto` takes onnx on a device. */
const CHOSEN: { readonly [D in Device]: string } = {
  cpu: "the fastest engine on a CPU",
  webgpu: "the only engine on WebGPU",
  cuda: "the engine that is left on CUDA",
};

function onnxEngine(device: Device | "auto", reason: string): Engine {
  return device === "auto" ? new OnnxEngine("cpu", reason) : new OnnxEngine(device, reason + REMARKS[device]);
}

/** The engine that was asked for; `auto` takes a tfjs-node-gpu that sees a GPU, else onnx. Throws `unavailable` with the reason when it can't be had here. */
export async function chooseEngine({ engine, device }: EngineChoice): Promise<Engine> {
  if (engine === "onnx") return onnxEngine(device, "asked for");
  if (engine !== "auto") return onDevice(await tfjsEngine(engine, "asked for"), device);
  if (device !== "auto" && device !== "cuda") return onnxEngine(device, CHOSEN[device]);
  const gpu = await tfjsEngine("tfjs-node-gpu", "it loads and sees a GPU").catch(whyUnavailable);
  return typeof gpu === "string"
    ? onnxEngine(device, `${CHOSEN[device === "auto" ? "cpu" : device]}, and ${gpu}`)
    : gpu;
}

function onDevice(engine: Engine, device: Device | "auto"): Engine {
  if (device === "auto" || device === engine.device) return engine;
  const wanted = engine.device;
  throw new ResonnxError("bad-input", {
    where: "--device",
    what: `${engine.name} does not train there`,
    got: device,
    wanted,
  });
}

function whyUnavailable(error: unknown): string {
  if (!(error instanceof ResonnxError) || error.code !== "unavailable") throw error;
  return error.facts.what;
}
