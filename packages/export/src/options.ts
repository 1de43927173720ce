import { type ModelMetadata, ResonnxError } from "@resonnx/base";
import { type CalibrationMethod, checkOpset } from "@resonnx/onnx";

/** What an export does, in this order. */
export type ExportStage = "read" | "build" | "optimize" | "calibrate" | "encode";

export const layouts = ["nhwc", "nchw"] as const;
export type Layout = (typeof layouts)[number];

export const precisions = ["fp32", "fp16", "int8"] as const;
export type Precision = (typeof precisions)[number];

/** A tensor as runtimes take and give it. */
export interface RunTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

export type RunTensors = Readonly<Record<string, RunTensor>>;

/** Opens a model file in some runtime; what it gives runs it on named inputs. */
export type OpenModel = (bytes: Uint8Array) => Promise<(inputs: RunTensors) => Promise<RunTensors>>;

/** Sample inputs, under the names and in the layout of the exported file, and the runtime to see their activations with. */
export interface CalibrationOptions extends CalibrationMethod {
  readonly open: OpenModel;
  readonly samples: Iterable<RunTensors> | AsyncIterable<RunTensors>;
}

export interface ExportOptions {
  /** ONNX operator set version, 13 to 23. Default 17. */
  readonly opset?: number | undefined;
  /** Travels in the file under `resonnx.*`; `source` is filled in when it isn't given. */
  readonly metadata?: ModelMetadata | undefined;
  /** Default true: few transposes, batch normalizations folded, and so on. False writes each layer as it stands. */
  readonly optimize?: boolean | undefined;
  /** Fixes the batch; else it stays symbolic. */
  readonly batchSize?: number | undefined;
  /**
   * What stateful recurrent layers begin with: "zeros" in every run (default), or "inputs" `{layer}/state_{i}` behind the model's,
   * whose next values are the outputs `next/{layer}/state_{i}` behind the model's.
   */
  readonly states?: "zeros" | "inputs" | undefined;
  /** The layout of inputs and outputs of rank 4. Default: the source's, NHWC unless its layers say channels_first. */
  readonly layout?: Layout | undefined;
  /** Other names for inputs and outputs, by the names that they have in the source. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /**
   * "fp16": weights and arithmetic in float16, inputs and outputs float32. "int8": weights in int8 with a scale a channel; with
   * `calibration`, activations in uint8 too. Default "fp32".
   */
  readonly precision?: Precision | undefined;
  /** With "fp16": inputs and outputs in float16 as well. */
  readonly halfIo?: boolean | undefined;
  /** With "int8": makes activations 8 bits wide as well. */
  readonly calibration?: CalibrationOptions | undefined;
  /** Where weights go that don't fit into the file: a path beside it. Over `limit` bytes, by default 2 GB. Without: such a model is refused. */
  readonly externalData?: { readonly location: string; readonly limit?: number | undefined } | undefined;
  /** The file, for errors. */
  readonly where?: string | undefined;
  /** Checked between stages and calibration runs. */
  readonly signal?: AbortSignal | undefined;
  /** Called as each stage begins, and while weights are written with the share that is done, 0 to 1. */
  readonly onProgress?: ((stage: ExportStage, share?: number) => void) | undefined;
}

const bad = (where: string, what: string, got: string, wanted: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what, got, wanted });

/** Throws `bad-input` or `unsupported` for options that contradict themselves or can't be met. */
export function checkOptions({ opset, batchSize, layout, precision, halfIo, calibration }: ExportOptions): void {
  if (opset !== undefined) checkOpset(opset);
  if (batchSize !== undefined && (!Number.isSafeInteger(batchSize) || batchSize < 1))
    throw bad("batchSize", "an impossible batch", `${batchSize}`, "1 or more");
  if (layout !== undefined && !layouts.includes(layout))
    throw bad("layout", "unknown", `${layout}`, layouts.join(", "));
  if (precision !== undefined && !precisions.includes(precision))
    throw bad("precision", "unknown", `${precision}`, precisions.join(", "));
  if (halfIo && precision !== "fp16") throw bad("halfIo", "needs another precision", `${precision}`, "fp16");
  if (calibration && precision !== "int8") throw bad("calibration", "needs another precision", `${precision}`, "int8");
}
