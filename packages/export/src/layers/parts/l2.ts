import type { Builder, Value } from "@resonnx/onnx";

/** What TensorFlow's l2_normalize keeps away from a division by 0. */
const EPSILON = 1e-12;

/** x / sqrt(max(sum(x²), epsilon)) over `axes`. */
export function l2Normalize(b: Builder, x: Value, axes: readonly number[], name?: string): Value {
  const squares = b.op("Max", [b.sum(b.mul(x, x), axes, 1), EPSILON], {});
  return b.op("Div", [x, b.sqrt(squares)], {}, name);
}
