import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { batchNormIntoWeights, foldBatchNorm } from "./fold-batch-norm.ts";

const next = randomStream(5);
const SHAPE = [2, 3, 5, 5];

const conv = (b: Builder, x: Value, bias = true): Value => {
  const w = b.constant(randomTensor(next, [4, 3, 2, 2]), "w");
  return b.op(
    "Conv",
    bias ? [x, w, b.constant(randomTensor(next, [4]), "b")] : [x, w],
    { kernel_shape: [2, 2] },
    "conv",
  );
};

const norm = (b: Builder, x: Value, mean = b.constant(randomTensor(next, [4]))): Value => {
  const [scale, bias] = [b.constant(randomTensor(next, [4])), b.constant(randomTensor(next, [4]))];
  return b.op("BatchNormalization", [x, scale, bias, mean, b.filled([4], 0.7)], { epsilon: 1e-3 }, "bn");
};

test("goes into the Conv before it, with and without a bias", async () => {
  await expectPass(
    foldBatchNorm,
    graphOf(SHAPE, (b, x) => norm(b, conv(b, x))),
    ["Conv"],
  );
  await expectPass(
    foldBatchNorm,
    graphOf(SHAPE, (b, x) => b.relu(norm(b, conv(b, x, false)))),
    ["Conv", "Relu"],
  );
});

test("the Conv keeps its name and its weights' names", () => {
  const graph = graphOf(SHAPE, (b, x) => norm(b, conv(b, x)));
  foldBatchNorm.run(graph);
  const [node] = graph.order();
  expect([node?.name, ...node!.inputs.slice(1).map((input) => input?.name)]).toEqual(["conv", "w", "b"]);
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["its input has no weights", (b, x) => norm(b, b.relu(conv(b, x)))],
  [
    "the Conv's output is read elsewhere too",
    (b, x) => {
      const y = conv(b, x);
      return [norm(b, y), y];
    },
  ],
  ["its parameters are not float32 constants", (b, x) => norm(b, conv(b, x), b.relu(b.filled([4], 1)))],
  [
    "training mode: the statistics are the batch's",
    (b, x) => {
      const p = b.filled([4], 1);
      return b.ops("BatchNormalization", [conv(b, x), p, p, p, p], { epsilon: 1e-3, training_mode: 1 }, 3)[0]!;
    },
  ],
])("stays: %s", (reason, build) => {
  expect(refusals("BatchNormalization", batchNormIntoWeights, graphOf(SHAPE, build))).toEqual([reason]);
});

test.each<[string, readonly number[], Parameters<typeof graphOf>[1], "Conv" | "ConvTranspose" | "Gemm"]>([
  ["1-D", [2, 3, 7], (b, x) => b.op("Conv", [x, weights(b, [4, 3, 2])], { kernel_shape: [2] }), "Conv"],
  [
    "3-D",
    [1, 3, 4, 4, 4],
    (b, x) => b.op("Conv", [x, weights(b, [4, 3, 2, 2, 2])], { kernel_shape: [2, 2, 2] }),
    "Conv",
  ],
  [
    "depthwise",
    [2, 4, 5, 5],
    (b, x) => b.op("Conv", [x, weights(b, [4, 1, 2, 2])], { kernel_shape: [2, 2], group: 4 }),
    "Conv",
  ],
  [
    "transposed",
    [2, 3, 4, 4],
    (b, x) => b.op("ConvTranspose", [x, weights(b, [3, 4, 2, 2])], { kernel_shape: [2, 2] }),
    "ConvTranspose",
  ],
  [
    "transposed in groups",
    [2, 6, 4, 4],
    (b, x) => b.op("ConvTranspose", [x, weights(b, [6, 2, 2, 2])], { kernel_shape: [2, 2], group: 2 }),
    "ConvTranspose",
  ],
  ["dense", [2, 3], (b, x) => b.gemm(x, weights(b, [3, 4]), {}, b.constant(randomTensor(next, [4]))), "Gemm"],
  ["dense, transposed", [2, 3], (b, x) => b.gemm(x, weights(b, [4, 3]), { transB: 1 }), "Gemm"],
  ["a product without a bias", [2, 3], (b, x) => b.matmul(x, weights(b, [3, 4])), "Gemm"],
])("goes into weights: %s", async (_, shape, build, op) => {
  await expectPass(
    foldBatchNorm,
    graphOf(shape, (b, x) => norm(b, build(b, x) as Value)),
    [op],
  );
});

const weights = (b: Builder, dims: readonly number[]): Value => b.constant(randomTensor(next, dims), "w");
