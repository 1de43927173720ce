import type { Builder } from "../../builder/builder.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import { staticShape, type Vjp } from "../vjp.ts";

const swapped = (b: Builder, x: Value): Value => b.transpose(x, [...Array(x.rank - 2).keys(), x.rank - 1, x.rank - 2]);

/** Rows [..., n] as a matrix [rows, n]. */
function matrixOf(b: Builder, x: Value): Value {
  const shape = staticShape(x.shape);
  return b.reshape(x, [sizeOf(shape.slice(0, -1)), shape.at(-1)!]);
}

/** A matrix that all rows of a batch are multiplied by gets its gradient as one product, not as a sum of many. */
export const matMul: Vjp<"MatMul"> = ({ b, x: [a, w], dy }) => {
  const shared = w!.rank === 2 && a!.rank > 2;
  const dw = shared ? b.gemm(matrixOf(b, a!), matrixOf(b, dy), { transA: 1 }) : b.matmul(swapped(b, a!), dy);
  return [b.matmul(dy, swapped(b, w!)), dw];
};

/** y = alpha A' B' + beta C */
export const gemm: Vjp<"Gemm"> = ({ b, node, x: [a, w, c], dy }) => {
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = node.attrs;
  const da = transA
    ? b.gemm(w!, dy, { alpha, transA: transB, transB: 1 })
    : b.gemm(dy, w!, { alpha, transB: 1 - transB });
  const dw = transB
    ? b.gemm(dy, a!, { alpha, transA: 1, transB: transA })
    : b.gemm(a!, dy, { alpha, transA: 1 - transA });
  return [da, dw, ...(c ? [beta === 1 ? dy : b.mul(dy, beta)] : [])];
};
