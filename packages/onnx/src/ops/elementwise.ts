import { broadcast, like, operand, sameDtype } from "../infer/rules.ts";
import type { DataType } from "../ir/types.ts";
import { type Op, op } from "./op.ts";

/** One input, same type out. */
const unary = (): Op<Record<never, never>> => op({ arity: [1, 1], infer: (inputs) => [like(operand(inputs, 0))] });

/** Inputs of one element type, broadcast together. */
const broadcasting = (arity: readonly [number, number], dtype?: DataType): Op<Record<never, never>> =>
  op({
    arity,
    infer: (inputs) => [
      { dtype: dtype ?? sameDtype(inputs), shape: broadcast(inputs.map((_, i) => operand(inputs, i).shape)) },
    ],
  });

export const Abs = unary();
export const Erf = unary();
export const Exp = unary();
export const Identity = unary();
export const Log = unary();
export const Neg = unary();
export const Not = unary();
export const Reciprocal = unary();
export const Relu = unary();
export const Sigmoid = unary();
/** log(exp(x) + 1) */
export const Softplus = unary();
export const Sqrt = unary();
export const Tanh = unary();

export const Add = broadcasting([2, 2]);
export const Div = broadcasting([2, 2]);
export const Max = broadcasting([1, Number.MAX_SAFE_INTEGER]);
export const Min = broadcasting([1, Number.MAX_SAFE_INTEGER]);
export const Mul = broadcasting([2, 2]);
export const Pow = broadcasting([2, 2]);
export const Sub = broadcasting([2, 2]);

export const And = broadcasting([2, 2], "bool");
export const Or = broadcasting([2, 2], "bool");
export const Equal = broadcasting([2, 2], "bool");
export const Greater = broadcasting([2, 2], "bool");

/** Where(condition, a, b) */
export const Where = op({
  arity: [3, 3],
  infer: (inputs) => [
    { dtype: sameDtype(inputs.slice(1)), shape: broadcast([0, 1, 2].map((i) => operand(inputs, i).shape)) },
  ],
});
