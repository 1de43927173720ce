import { ResonnxError } from "@resonnx/base";
import { RequestQueue } from "@resonnx/runtime";
import { env } from "onnxruntime-web/webgpu";

/**
 * Every session of the page is created and run through this one queue: onnxruntime-web is a single wasm instance, and
 * its WebGPU build neither survives two runs at once nor lets two sessions be created at once.
 */
export const queue = new RequestQueue("onnxruntime-web");

export interface WasmOptions {
  /** Folder (ending in `/`) that serves onnxruntime-web's `ort-wasm-simd-threaded.asyncify.{mjs,wasm}`. */
  readonly wasmPaths?: string;
  /** Threads of the wasm provider. Default: up to 4, and 1 where the page is not cross-origin isolated. */
  readonly numThreads?: number;
}

let configured: WasmOptions | undefined;

/** Sets what onnxruntime-web reads once, when its wasm starts. Throws `bad-input` when a later call wants it otherwise. */
export function configureWasm(options: WasmOptions): void {
  if (configured === undefined) {
    configured = options;
    if (options.wasmPaths !== undefined) env.wasm.wasmPaths = options.wasmPaths;
    env.wasm.numThreads = options.numThreads ?? defaultThreads();
    env.logLevel = "error"; // a warning per node that runs on another provider would fill the console
    return;
  }
  for (const name of ["wasmPaths", "numThreads"] as const) {
    if (options[name] === undefined || options[name] === configured[name]) continue;
    const facts = { where: name, what: "onnxruntime-web was started otherwise", got: String(options[name]) };
    throw new ResonnxError("bad-input", {
      ...facts,
      wanted: String(configured[name]),
      hint: "give the first loadModel of the page the option",
    });
  }
}

/** Threads need SharedArrayBuffer, which a page has only when it is cross-origin isolated; more than 4 seldom help. */
function defaultThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency || 1) : 1;
}
