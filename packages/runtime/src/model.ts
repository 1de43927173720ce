import type { ModelMetadata, Preprocessing } from "@resonnx/base";
import type { Tensor } from "onnxruntime-common";
import type { ProviderReport } from "./providers.ts";

/** Named tensors, in or out. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A graph input or output as the file declares it; a name in `shape` is a symbolic dimension. */
export interface ValueInfo {
  readonly name: string;
  readonly type: Tensor.Type;
  readonly shape: readonly (number | string)[];
}

/** What a loaded model is, and what runs it. */
export interface ModelInfo extends ProviderReport {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Class names in the order of the output's last axis, when the file has them. */
  readonly labels?: readonly string[];
  readonly preprocessing?: Preprocessing;
  readonly metadata: ModelMetadata;
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

/** A loaded model; `Image` is what the platform can turn into pixels. Every method throws `ResonnxError` only. */
export interface Model<Image> {
  readonly info: ModelInfo;
  /** One forward pass: every input by name in, every output by name out. Wrong names, types or shapes throw `bad-input`. */
  run(inputs: Tensors, options?: RunOptions): Promise<Tensors>;
  /** The best labels of one picture, best first, prepared as the file's metadata says. */
  classify(image: Image, options?: ClassifyOptions): Promise<Prediction[]>;
  /** Frees everything after the runs that have begun; later calls are refused, a second dispose is fine. */
  dispose(): Promise<void>;
}
