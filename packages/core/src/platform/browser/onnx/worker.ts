// The main file of a page's training worker: a step would freeze the page.
import { ResonnxError, reasonOf } from "@resonnx/base";
import { env, InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import { answer } from "../../../engines/onnx/answer.ts";
import { FedBackState } from "../../../engines/onnx/fed-back-state.ts";
import { buffersOf } from "../../../engines/onnx/protocol.ts";
import type { Runtime } from "../../../engines/onnx/runtime.ts";
import { Stepper } from "../../../engines/onnx/stepper.ts";
import type { BrowserCommand, BrowserDevice, Start } from "./protocol.ts";

/** More threads than this seldom help. */
const MOST_THREADS = 4;

const defaultThreads = (): number =>
  globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency || 1) : 1;

const runtimeOn = (device: BrowserDevice): Runtime => ({
  create: async (bytes, onGpu) => {
    try {
      return await InferenceSession.create(bytes, {
        executionProviders: [device === "cpu" ? "wasm" : device],
        graphOptimizationLevel: "extended", // `all` adds layout changes for Conv nodes; a lowered graph has none
        enableMemPattern: false,
        ...(onGpu.length > 0 && {
          preferredOutputLocation: Object.fromEntries(onGpu.map((name) => [name, "gpu-buffer"])),
        }),
      });
    } catch (cause) {
      throw new ResonnxError("unavailable", { where: `onnxruntime-web on ${device}`, what: reasonOf(cause).trim() });
    }
  },
  tensor: (data, dims) => new Tensor("float32", data, dims),
});

function start({ device, wasmPaths, numThreads }: Start): Stepper {
  if (wasmPaths !== undefined) env.wasm.wasmPaths = wasmPaths;
  env.wasm.numThreads = numThreads ?? defaultThreads();
  env.logLevel = "error"; // a warning per shape operator would fill the console
  const runtime = runtimeOn(device);
  return new Stepper(runtime, new FedBackState(runtime, device === "webgpu" ? "gpu" : "host"));
}

/** One command after the other: onnxruntime-web neither survives two runs at once nor lets two sessions be created at once. */
function serve(stepper: Stepper): void {
  let last: Promise<void> = Promise.resolve();
  self.addEventListener("message", ({ data }: MessageEvent<Exclude<BrowserCommand, Start>>) => {
    last = last.then(async () => {
      const reply = await answer(stepper, data);
      self.postMessage(reply, { transfer: reply.is === "arrays" ? buffersOf(reply.arrays) : [] });
    });
  });
}

/** onnxruntime-web's own threads, where they load the bundle that this file is in, are told other things first. */
self.addEventListener(
  "message",
  ({ data }: MessageEvent<BrowserCommand>) => {
    if (data.do === "start") serve(start(data));
  },
  { once: true },
);
