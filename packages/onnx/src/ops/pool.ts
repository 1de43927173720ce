import { operand, refuse, windowDims } from "../infer/rules.ts";
import type { TensorType } from "../ir/types.ts";
import { type Operands, op } from "./op.ts";

interface PoolAttrs {
  readonly kernel_shape: readonly number[];
  readonly strides?: readonly number[] | undefined;
  readonly pads?: readonly number[] | undefined;
}

function pooled(inputs: Operands, attrs: PoolAttrs): TensorType {
  const x = operand(inputs, 0);
  if (x.rank < 3) throw refuse("input needs a batch, a channel and a spatial axis", `rank ${x.rank}`);
  return {
    dtype: x.type.dtype,
    shape: [...x.shape.slice(0, 2), ...windowDims(x.shape.slice(2), { kernel: attrs.kernel_shape, ...attrs })],
  };
}

/** The second output, when asked for, holds the flat index of each maximum (CPU and CUDA only). */
export const MaxPool = op({
  attrs: { kernel_shape: "ints", strides: "ints?", pads: "ints?" },
  arity: [1, 1],
  infer(inputs, attrs, outputs) {
    const values = pooled(inputs, attrs);
    return outputs === 2 ? [values, { dtype: "int64", shape: values.shape }] : [values];
  },
});

/** Padding never counts in the mean unless `count_include_pad` is 1. */
export const AveragePool = op({
  attrs: { kernel_shape: "ints", strides: "ints?", pads: "ints?", count_include_pad: "int?" },
  arity: [1, 1],
  infer: (inputs, attrs) => [pooled(inputs, attrs)],
});

export const GlobalAveragePool = op({
  arity: [1, 1],
  infer(inputs) {
    const x = operand(inputs, 0);
    return [{ dtype: x.type.dtype, shape: x.shape.map((dim, axis) => (axis < 2 ? dim : 1)) }];
  },
});
