import { axisOf, constantInts, like, operand } from "../infer/rules.ts";
import { UNKNOWN } from "../ir/types.ts";
import { op } from "./op.ts";

/** CumSum(x, axis): running totals; without the element itself when `exclusive` is 1. */
export const CumSum = op({
  attrs: { exclusive: "int?", reverse: "int?" },
  arity: [2, 2],
  infer: (inputs) => [like(operand(inputs, 0))],
});

/** TopK(x, k): the k largest (or smallest) along `axis` and their int64 indices; equal ones in the order of their indices. */
export const TopK = op({
  attrs: { axis: "int", largest: "int?", sorted: "int?" },
  arity: [2, 2],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    const [k = UNKNOWN] = constantInts(operand(inputs, 1)) ?? [];
    const shape = x.shape.with(axisOf(attrs.axis, x.rank), k);
    return [
      { dtype: x.type.dtype, shape },
      { dtype: "int64", shape },
    ];
  },
});
