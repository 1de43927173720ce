import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { constantIntoWeights, foldAffine } from "./fold-affine.ts";

const next = randomStream(6);
const conv = (b: Builder, x: Value): Value =>
  b.op("Conv", [x, b.constant(randomTensor(next, [4, 3, 2, 2]))], { kernel_shape: [2, 2] });
const constant = (b: Builder, dims: readonly number[]): Value => b.constant(randomTensor(next, dims));

test("factors and shifts of channels go into the weights", async () => {
  const graph = graphOf([2, 3, 5, 5], (b, x) =>
    b.add(b.mul(constant(b, [1, 4, 1, 1]), b.add(conv(b, x), constant(b, [4, 1, 1]))), 3),
  );
  await expectPass(foldAffine, graph, ["Conv"]);
  await expectPass(
    foldAffine,
    graphOf([2, 3], (b, x) => b.mul(b.gemm(x, constant(b, [3, 4])), constant(b, [4]))),
    ["Gemm"],
  );
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["no operand has weights and a bias", (b, x) => b.mul(b.relu(x), 2)],
  ["the other operand is not one number a channel", (b, x) => b.mul(conv(b, x), constant(b, [4]))],
  ["the other operand is no float32 constant", (b, x) => b.mul(conv(b, x), b.sum(x, [1, 2, 3], 1))],
  [
    "the Conv's output is read elsewhere too",
    (b, x) => {
      const y = conv(b, x);
      return [b.mul(y, 2), y];
    },
  ],
])("stays: %s", (reason, build) => {
  expect(refusals("Mul", constantIntoWeights, graphOf([2, 3, 5, 5], build))).toEqual([reason]);
});
