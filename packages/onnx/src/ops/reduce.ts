import { axesOf, axisOf, constantInts, operand } from "../infer/rules.ts";
import { type Dim, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { op } from "./op.ts";

function reduced(x: Value, axes: readonly number[] | undefined, keepdims: number): Dim[] {
  const gone = new Set(axes ? axesOf(axes, x.rank) : x.shape.keys());
  return x.shape.flatMap((dim, axis) => (gone.has(axis) ? (keepdims ? [1] : []) : [dim]));
}

/** Axes as an attribute, as opsets 13 to 17 have it. Without axes: all of them. */
const reduction = () =>
  op({
    attrs: { axes: "ints?", keepdims: "int" },
    arity: [1, 1],
    infer(inputs, attrs) {
      const x = operand(inputs, 0);
      return [{ dtype: x.type.dtype, shape: reduced(x, attrs.axes, attrs.keepdims) }];
    },
  });

export const ReduceMax = reduction();
export const ReduceMean = reduction();

/** ReduceSum(x, axes?): axes as an input, as opset 13 has it. */
export const ReduceSum = op({
  attrs: { keepdims: "int" },
  arity: [1, 2],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    const axes = constantInts(inputs[1]);
    const computed = inputs[1] !== undefined && axes === undefined;
    return [{ dtype: x.type.dtype, shape: computed ? x.shape.map(() => UNKNOWN) : reduced(x, axes, attrs.keepdims) }];
  },
});

export const ArgMax = op({
  attrs: { axis: "int", keepdims: "int" },
  arity: [1, 1],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    return [{ dtype: "int64", shape: reduced(x, [axisOf(attrs.axis, x.rank)], attrs.keepdims) }];
  },
});
