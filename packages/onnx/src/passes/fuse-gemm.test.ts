import { expect, test } from "vitest";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { fuseGemm, matMulAddToGemm } from "./fuse-gemm.ts";

const next = randomStream(7);
const w = randomTensor(next, [3, 4]);
const bias = randomTensor(next, [4]);

test("a matrix product and a vector, in either order", async () => {
  await expectPass(
    fuseGemm,
    graphOf([2, 3], (b, x) => b.add(b.matmul(x, b.constant(w)), b.constant(bias))),
    ["Gemm"],
  );
  await expectPass(
    fuseGemm,
    graphOf([2, 3], (b, x) => b.add(b.constant(bias), b.matmul(x, b.constant(w)))),
    ["Gemm"],
  );
});

test.each<[string, readonly number[], Parameters<typeof graphOf>[1]]>([
  ["no operand is a MatMul", [2, 3], (b, x) => b.add(x, 1)],
  [
    "the product is read elsewhere too",
    [2, 3],
    (b, x) => {
      const y = b.matmul(x, b.constant(w));
      return [b.add(y, b.constant(bias)), y];
    },
  ],
  ["Gemm multiplies matrices only", [5, 2, 3], (b, x) => b.add(b.matmul(x, b.constant(w)), b.constant(bias))],
  ["the other operand is no vector of the columns' length", [2, 3], (b, x) => b.add(b.matmul(x, b.constant(w)), 1)],
])("stays: %s", (reason, shape, build) => {
  expect(refusals("Add", matMulAddToGemm, graphOf(shape, build))).toEqual([reason]);
});
