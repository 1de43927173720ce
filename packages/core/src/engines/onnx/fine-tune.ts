import { ResonnxError } from "@resonnx/base";
import { type BatchNormMode, OnnxModel, type OnnxModelOptions } from "@resonnx/onnx";
import { glorotLimit } from "../../initializers/glorot-uniform.ts";
import { tfUniform } from "../../initializers/tf-uniform.ts";

export interface FineTuneOptions extends Pick<OnnxModelOptions, "pictures" | "where"> {
  /** Of a new head, a Dense layer with Softmax; without it the model keeps its own outputs. */
  readonly classes?: number | undefined;
  /**
   * What the new head reads, by the name of a value or of the node that gives it; by default what the last Gemm or MatMul
   * with weights reads.
   */
  readonly cut?: string | undefined;
  /** Fixes the new head's first weights; 1 by default. */
  readonly seed?: number | undefined;
  /** `train`: normalizations take the batch's statistics, as in training from the start. Default `frozen`. */
  readonly batchNorm?: BatchNormMode | undefined;
}

/**
 * The model of an `.onnx` file, ready for `compile(model, { frozen: /^(?!head\/)/, ... })`; its weights go by their
 * initializers' names, a new head's by `head/kernel` and `head/bias`. `model.toBytes((await session.state()).arrays)` is
 * the tuned file. Throws `bad-input` for bytes or options that don't fit, `unsupported` for operators without a rule.
 */
export function fineTune(bytes: Uint8Array, options: FineTuneOptions = {}): OnnxModel {
  const { classes, cut, seed = 1, ...rest } = options;
  if (classes === undefined && cut !== undefined)
    throw new ResonnxError("bad-input", {
      where: "fine-tuning",
      what: "a cut without classes for the new head",
      got: cut,
    });
  if (classes === undefined) return new OnnxModel(bytes, rest);
  return new OnnxModel(bytes, { ...rest, head: { classes, cut, kernel: (inputs) => glorot(inputs, classes, seed) } });
}

function glorot(inputs: number, outputs: number, seed: number): Float32Array {
  const limit = glorotLimit([inputs, outputs]);
  return tfUniform(inputs * outputs, -limit, limit, seed);
}
