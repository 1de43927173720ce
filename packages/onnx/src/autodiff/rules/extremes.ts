import type { Builder } from "../../builder/builder.ts";
import { axesOf } from "../../infer/rules.ts";
import type { Value } from "../../ir/value.ts";
import { staticShape, type Vjp, type VjpContext } from "../vjp.ts";

/** dy goes to the first operand that is the result, as tfjs has it. `beaten`: whether an operand is not. */
const toFirst = (
  { b, x, dy }: Pick<VjpContext<"Max" | "Min">, "b" | "x" | "dy">,
  beaten: (operand: Value) => Value,
): Value[] => {
  let rest = dy;
  return x.map((operand) => {
    const lost = beaten(operand);
    const share = b.where(lost, 0, rest);
    rest = b.where(lost, rest, 0);
    return share;
  });
};

export const max: Vjp<"Max"> = (context) => toFirst(context, (operand) => context.b.greater(context.y, operand));
export const min: Vjp<"Min"> = (context) => toFirst(context, (operand) => context.b.greater(operand, context.y));

/** dy shared evenly among equal maxima, as TensorFlow and PyTorch have it (tfjs gives all of it to each). */
export const reduceMax: Vjp<"ReduceMax"> = ({ b, node, x: [x], y, dy }) => {
  const axes = axesOf(node.attrs.axes ?? [...x!.shape.keys()], x!.rank);
  const kept = staticShape(x!.shape).map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const hit = hits(b, x!, b.reshape(y, kept));
  return [b.mul(hit, b.div(b.reshape(dy, kept), b.sum(hit, axes, 1)))];
};

/** 1 where x is the maximum, else 0. */
const hits = (b: Builder, x: Value, maximum: Value): Value => b.where(b.greater(maximum, x), 0, 1);
