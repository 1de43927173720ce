import type { ResonnxError } from "@resonnx/base";
import type { Tensor } from "onnxruntime-common";

/** Named tensors, in or out. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A graph input or output as the file declares it; a name in `shape` is a symbolic dimension. */
export interface ValueInfo {
  readonly name: string;
  readonly type: Tensor.Type;
  readonly shape: readonly (number | string)[];
}

/** An execution provider that was asked for and isn't used, and why. */
export interface SkippedProvider {
  readonly provider: string;
  readonly reason: string;
}

export interface Prediction {
  readonly label: string;
  /** Probability in [0, 1]. */
  readonly score: number;
}

export interface RunOptions {
  /** An abort rejects at once; the run in progress ends in the background. */
  readonly signal?: AbortSignal;
}

export interface ClassifyOptions extends RunOptions {
  /** How many labels, best first. Default 5. */
  readonly topK?: number;
}
