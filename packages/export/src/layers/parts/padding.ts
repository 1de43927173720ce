import type { Builder, Shape, Value } from "@resonnx/onnx";
import { oneOf } from "../../config/fields.ts";

/** Keras' `padding`. */
export const padding = oneOf("valid", "same");
/** That of 1-D convolutions: "causal" pads the past alone. */
export const causalPadding = oneOf("valid", "same", "causal");
export type Padding = "valid" | "same" | "causal";

export interface WindowSizes {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[] | undefined;
}

/** How far a window reaches along each axis. */
const reaches = ({ kernel, dilations }: WindowSizes): number[] =>
  kernel.map((size, axis) => (dilations?.[axis] ?? 1) * (size - 1) + 1);

/** What TensorFlow's "same" adds along one axis; undefined where that depends on a size that is unknown. */
function sameTotal(dim: Shape[number], stride: number, reach: number): number | undefined {
  if (stride === 1 || reach === 1) return reach - 1;
  return typeof dim === "number" ? Math.max(0, (Math.ceil(dim / stride) - 1) * stride + reach - dim) : undefined;
}

/**
 * Explicit ONNX pads (begins, then ends) of a window over `spatial`. For "same", TensorFlow's rule:
 * out = ceil(in / stride), total = max(0, (out - 1) * stride + dilation * (k - 1) + 1 - in), the odd one at the end.
 * Undefined where an unknown size decides.
 */
export function explicitPads(kind: Padding, spatial: Shape, window: WindowSizes): number[] | undefined {
  const none = spatial.map(() => 0);
  if (kind === "valid") return [...none, ...none];
  const reach = reaches(window);
  if (kind === "causal") return [...reach.map((size) => size - 1), ...none];
  const totals = spatial.map((dim, axis) => sameTotal(dim, window.strides[axis]!, reach[axis]!));
  if (!totals.every((total) => total !== undefined)) return undefined;
  return [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
}

export interface Padded {
  readonly x: Value;
  readonly pads: number[];
  /** Whether the padding is in `x` already, since it had to be computed from its size. */
  readonly computed: boolean;
}

/** `x` (channels first) and the pads of a window over it; where these depend on unknown sizes, `x` padded with `fill` at run time. */
export function padded(b: Builder, x: Value, kind: Padding, window: WindowSizes, fill: number): Padded {
  const pads = explicitPads(kind, x.shape.slice(2), window);
  if (pads) return { x, pads, computed: false };
  return {
    x: b.op("Pad", [x, samePads(b, x, window), fill], {}),
    pads: window.kernel.flatMap(() => [0, 0]),
    computed: true,
  };
}

/** "same" pads as a value: with in + left over = out * stride, total = max(0, out * stride - stride + reach - in). */
function samePads(b: Builder, x: Value, window: WindowSizes): Value {
  const axes = window.kernel.map((_, axis) => axis + 2);
  const size = b.gather(b.op("Shape", [x], {}), b.ints(axes), 0);
  const strides = b.ints(window.strides);
  const out = b.div(b.add(size, b.ints(window.strides.map((stride) => stride - 1))), strides);
  const beyond = b.ints(reaches(window).map((reach, axis) => reach - window.strides[axis]!));
  const needed = b.sub(b.add(b.mul(out, strides), beyond), size);
  const total = b.op("Max", [needed, b.ints(axes.map(() => 0))], {});
  const begin = b.div(total, b.ints(axes.map(() => 2)));
  return b.concat([b.ints([0, 0]), begin, b.ints([0, 0]), b.sub(total, begin)], 0);
}
