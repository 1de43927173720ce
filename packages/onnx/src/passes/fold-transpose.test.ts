import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { foldTranspose, transposeIntoRows } from "./fold-transpose.ts";

const next = randomStream(9);
const SHAPE = [2, 3, 4, 5];
const w = randomTensor(next, [60, 7]);
const flat = (b: Builder, x: Value, perm = [0, 2, 3, 1]) => b.op("Flatten", [b.transpose(x, perm)], { axis: 1 });

test.each([[[0, 2, 3, 1]], [[0, 3, 2, 1]], [[0, 3, 1, 2]]])(
  "a Transpose by [%s] moves into the weights' rows",
  async (perm) => {
    await expectPass(
      foldTranspose,
      graphOf(SHAPE, (b, x) => b.matmul(flat(b, x, perm), b.constant(w))),
      ["Flatten", "MatMul"],
    );
    const gemm = (b: Builder, x: Value) => b.gemm(flat(b, x, perm), b.constant(w), {}, b.filled([7], 1));
    await expectPass(foldTranspose, graphOf(SHAPE, gemm), ["Flatten", "Gemm"]);
  },
);

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["its input is no flattened Transpose", (b, x) => b.gemm(b.op("Flatten", [x], { axis: 1 }), b.constant(w))],
  ["it transposes itself", (b, x) => b.gemm(flat(b, x), b.constant(randomTensor(next, [7, 60])), { transB: 1 })],
  [
    "the flattened value is read elsewhere too",
    (b, x) => {
      const y = flat(b, x);
      return [b.gemm(y, b.constant(w)), y];
    },
  ],
  [
    "the Transpose moves the batch, or sizes are unknown",
    (b, x) => b.gemm(flat(b, x, [1, 0, 2, 3]), b.constant(randomTensor(next, [40, 7]))),
  ],
  ["its weights are no constant matrix", (b, x) => b.gemm(flat(b, x), b.relu(b.constant(w)))],
])("stays: %s", (reason, build) => {
  expect(refusals("Gemm", transposeIntoRows<"Gemm">, graphOf(SHAPE, build))).toEqual([reason]);
});
