import { broadcast, operand, refuse, sameDtype } from "../infer/rules.ts";
import type { Dim } from "../ir/types.ts";
import { op } from "./op.ts";

function checkInner(a: Dim, b: Dim): void {
  if (typeof a === "number" && typeof b === "number" && a !== b) throw refuse("inner sizes differ", `${a} and ${b}`);
}

/** NumPy's matmul for operands of rank 2 and more. */
export const MatMul = op({
  arity: [2, 2],
  infer(inputs) {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    if (a.rank < 2 || b.rank < 2) throw refuse("operands need rank 2 or more", `${a.rank} and ${b.rank}`);
    checkInner(a.shape.at(-1)!, b.shape.at(-2)!);
    return [
      {
        dtype: sameDtype(inputs),
        shape: [...broadcast([a.shape.slice(0, -2), b.shape.slice(0, -2)]), a.shape.at(-2)!, b.shape.at(-1)!],
      },
    ];
  },
});

/** alpha * A' * B' + beta * C, where ' transposes when transA or transB is 1. */
export const Gemm = op({
  attrs: { alpha: "float?", beta: "float?", transA: "int?", transB: "int?" },
  arity: [2, 3],
  infer(inputs, attrs) {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    if (a.rank !== 2 || b.rank !== 2) throw refuse("operands need rank 2", `${a.rank} and ${b.rank}`);
    const [m, ka] = attrs.transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
    const [kb, n] = attrs.transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
    checkInner(ka, kb);
    const c = inputs[2];
    if (c && broadcast([[m, n], c.shape]).length !== 2)
      throw refuse("C does not broadcast to the product", `[${c.shape}]`, `[${m},${n}]`);
    return [{ dtype: sameDtype(inputs), shape: [m, n] }];
  },
});
