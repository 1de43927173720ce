import type { ErrorCode, ErrorFacts } from "@resonnx/base";
import type { ModelInfo, Prediction } from "@resonnx/runtime";
import type { loadModel } from "../load-model.ts";
import type { Provider } from "../provider.ts";

/** What the page offers to the process that drives it. Large things travel by HTTP, under addresses given here. */
export interface PageApi {
  /** Loads the model served at `address`. */
  open(address: string, provider: Provider): Promise<Reply<OpenedModel>>;
  /** Takes the inputs from an address and puts the outputs to another one. */
  run(id: number, inputs: string, outputs: string): Promise<Reply<null>>;
  /** Classifies the picture file served at `address`. */
  classify(id: number, address: string, topK: number): Promise<Reply<Prediction[]>>;
  close(id: number): Promise<Reply<null>>;
}

export interface OpenedModel {
  readonly id: number;
  readonly info: ModelInfo;
  /** The WebGPU adapter's name; null on wasm. */
  readonly adapter: string | null;
}

/** A typed error doesn't survive the way out of the page as such. */
export type Reply<T> =
  | { readonly value: T }
  | { readonly error: { readonly code: ErrorCode; readonly facts: Omit<ErrorFacts, "cause"> } };

/** Where the server puts onnxruntime-web's wasm files. */
export const WASM_PATH = "/ort/";

declare global {
  /** `api` is what chromium.ts calls; `loadModel` is there for tests and for people with an open console. */
  var resonnx: { readonly api: PageApi; readonly loadModel: typeof loadModel; readonly wasmPaths: string };
}
