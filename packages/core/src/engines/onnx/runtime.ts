import type { Tensor } from "onnxruntime-common";

export type Tensors = Readonly<Record<string, Tensor>>;
/** Outputs that a run is to give: in a tensor that is there, or in a new one. */
export type Fetches = Readonly<Record<string, Tensor | null>>;

/** What a Stepper needs of a session. */
export interface RunSession {
  readonly inputNames: readonly string[];
  /** What `fetches` names. */
  run(feeds: Tensors, fetches: Fetches): Promise<Tensors>;
  release(): Promise<void>;
}

/**
 * The onnxruntime that a Stepper runs on. The Tensor class must be that package's own: one from another copy of
 * onnxruntime-common passes as an input, but is ignored without a word as a preallocated output.
 */
export interface Runtime {
  /** A session of the graph in `bytes`; the outputs named in `onGpu` stay there. */
  create(bytes: Uint8Array, onGpu: readonly string[]): Promise<RunSession>;
  tensor(data: Float32Array, dims: readonly number[]): Tensor;
}

export const zeros = (runtime: Runtime, dims: readonly number[]): Tensor =>
  runtime.tensor(new Float32Array(dims.reduce((size, dim) => size * dim, 1)), dims);
