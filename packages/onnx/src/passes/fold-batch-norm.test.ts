import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { batchNormIntoConv, foldBatchNorm } from "./fold-batch-norm.ts";

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
  ["its input is no Conv", (b, x) => norm(b, b.relu(conv(b, x)))],
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
  expect(refusals("BatchNormalization", batchNormIntoConv, graphOf(SHAPE, build))).toEqual([reason]);
});
