import type { Builder, Value } from "@resonnx/onnx";
import { oneOf, optional } from "../../config/fields.ts";

/** Keras' `data_format`. */
export const dataFormat = optional(oneOf("channels_last", "channels_first"), "channels_last");
export type DataFormat = "channels_last" | "channels_first";

/** Axis `from` moved to `to`, the others keeping their order. */
export function moveAxis(b: Builder, x: Value, from: number, to: number): Value {
  const axes = x.shape.map((_, i) => i).toSpliced(from, 1);
  return b.transpose(x, axes.toSpliced(to, 0, from));
}

/** Emits `node` on the channels-first form of `x`, as ONNX' convolutions and poolings have it, and turns the result back. */
export function channelsFirst(b: Builder, x: Value, format: DataFormat, node: (x: Value) => Value): Value {
  if (format === "channels_first") return node(x);
  const y = node(moveAxis(b, x, x.rank - 1, 1));
  return moveAxis(b, y, 1, y.rank - 1);
}
