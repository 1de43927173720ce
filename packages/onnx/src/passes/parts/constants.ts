import type { Node } from "../../ir/node.ts";
import type { TensorOf } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import type { OpName } from "../../ops/index.ts";

export const constantFloats = (value: Value | undefined): TensorOf<"float32"> | undefined =>
  value?.constant?.dtype === "float32" ? value.constant : undefined;

/** The number in a float32 constant of one element. */
export function numberOf(value: Value | undefined): number | undefined {
  const data = constantFloats(value);
  return data && sizeOf(data.dims) === 1 ? data.data[0] : undefined;
}

/** Whether a value is that number, to float32's precision. */
export const isNumber = (value: Value | undefined, wanted: number): boolean => {
  const number = numberOf(value);
  return number !== undefined && Math.abs(number - wanted) <= 1e-6 * Math.abs(wanted);
};

/** The node that gives the value, when it is one of that operator. */
export const producedBy = <K extends OpName>(value: Value | undefined, op: K): Node<K> | undefined =>
  value?.producer?.is(op) ? value.producer : undefined;

/** The two operands of a commutative node, the one that `is` accepts first. */
export function operandsWith(
  node: Node | undefined,
  is: (value: Value) => boolean,
): readonly [Value, Value] | undefined {
  const [a, b] = node?.inputs ?? [];
  if (!a || !b) return undefined;
  return is(a) ? [a, b] : is(b) ? [b, a] : undefined;
}
