import type { Command } from "../../../engines/onnx/protocol.ts";

/** What onnxruntime-web computes with: wasm is the CPU. */
export type BrowserDevice = "webgpu" | "cpu";

export interface WasmOptions {
  /** Folder (ending in `/`) that serves onnxruntime-web's `ort-wasm-simd-threaded.asyncify.{mjs,wasm}`. Default: where the bundler has put them. */
  readonly wasmPaths?: string | undefined;
  /** Threads on the CPU. Default: up to 4, and 1 where the page is not cross-origin isolated. */
  readonly numThreads?: number | undefined;
}

/** The first message to the worker; commands follow it. */
export interface Start extends WasmOptions {
  readonly do: "start";
  readonly device: BrowserDevice;
}

/** What the worker of a page is told; a page ends it without a word. */
export type BrowserCommand = Start | Exclude<Command, { do: "close" }>;
