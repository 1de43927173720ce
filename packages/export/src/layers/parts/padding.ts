import { ResonnxError } from "@resonnx/base";
import type { Shape } from "@resonnx/onnx";
import { oneOf } from "../../config/fields.ts";

/** Keras' `padding`. */
export const padding = oneOf("valid", "same");
export type Padding = "valid" | "same";

export interface WindowSizes {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
}

/**
 * Explicit ONNX pads (begins, then ends) of a window over `spatial`. For "same", TensorFlow's rule:
 * out = ceil(in / stride), total = max(0, (out - 1) * stride + dilation * (k - 1) + 1 - in), the odd one at the end.
 */
export function explicitPads(kind: Padding, spatial: Shape, window: WindowSizes, where: string): number[] {
  if (kind === "valid") return spatial.flatMap(() => [0, 0]);
  const totals = spatial.map((dim, axis) => {
    const reach = (window.dilations?.[axis] ?? 1) * (window.kernel[axis]! - 1) + 1;
    const stride = window.strides[axis]!;
    if (stride === 1) return reach - 1;
    if (typeof dim === "number") return Math.max(0, (Math.ceil(dim / stride) - 1) * stride + reach - dim);
    if (reach === 1) return 0;
    throw new ResonnxError("unsupported", {
      where,
      what: `"same" padding with stride ${stride} over a size that is unknown`,
      hint: "build the model with a fixed height and width",
    });
  });
  return [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
}
