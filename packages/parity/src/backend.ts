import type { Tensors } from "@resonnx/runtime";
import type { Tolerance } from "./tolerance.ts";

/** An open model on one backend. */
export interface BackendSession {
  /** What really computes, in the backend's own words, such as `webgpu (SwiftShader)`. */
  readonly provider?: string;
  /** Named tensors in and out; not called again before it settles. */
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
}

/** Something that can run a model: a runtime, a provider of it, or the source framework. */
export interface Backend {
  readonly name: string;
  /** How far from the reference this backend may be. */
  readonly tolerance: Tolerance;
  /** How much work it is given; absent: every case as it is. */
  readonly limit?: BackendLimit;
  /** Opens the bytes of an `.onnx` file. Throws ResonnxError `unavailable` where this machine lacks the backend. */
  open(model: Uint8Array): Promise<BackendSession>;
}

/** For slow backends: only the first `pictures` rows of the cases are run, at most `maxBatch` of them at once. */
export interface BackendLimit {
  readonly pictures: number;
  readonly maxBatch: number;
}

/** One set of inputs. The first axis of every input is the batch. */
export interface Case {
  readonly name: string;
  readonly inputs: Tensors;
}
