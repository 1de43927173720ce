import { expect, test } from "vitest";
import { Builder } from "../../builder/builder.ts";
import { Graph } from "../../ir/graph.ts";
import type { Attrs } from "../../ops/index.ts";
import { randomStream, randomTensor } from "../../testing/random.ts";
import { maxDifference, run } from "../../testing/run.ts";
import { translate } from "../translation.ts";
import { cpuRules } from "./cpu.ts";

interface ConvCase {
  readonly name: string;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly attrs?: Partial<Attrs<"Conv">>;
  /** Operators that tell which form was taken. */
  readonly has: "Gemm" | "MatMul" | "Split";
}

const same = { pads: [1, 1, 1, 1] };
const cases: readonly ConvCase[] = [
  { name: "1x1", x: [2, 3, 5, 4], w: [6, 3, 1, 1], has: "Gemm" },
  { name: "1x1, stride 2", x: [2, 3, 5, 4], w: [6, 3, 1, 1], attrs: { strides: [2, 2] }, has: "Gemm" },
  {
    name: "7x7, stride 2, padded",
    x: [1, 3, 16, 16],
    w: [8, 3, 7, 7],
    attrs: { strides: [2, 2], pads: [3, 3, 3, 3] },
    has: "Gemm",
  },
  { name: "3x3 with few channels", x: [2, 8, 4, 4], w: [8, 8, 3, 3], attrs: same, has: "Gemm" },
  { name: "3x3 on a map that tiles don't fit", x: [1, 64, 5, 5], w: [64, 64, 3, 3], attrs: same, has: "Gemm" },
  { name: "dilated", x: [2, 4, 8, 7], w: [6, 4, 3, 2], attrs: { dilations: [2, 3], ...same }, has: "MatMul" },
  { name: "grouped", x: [2, 4, 6, 5], w: [6, 2, 3, 3], attrs: { group: 2, strides: [2, 1] }, has: "MatMul" },
  { name: "depthwise", x: [2, 3, 6, 5], w: [6, 1, 3, 3], attrs: { group: 3, ...same }, has: "MatMul" },
  { name: "of sequences", x: [2, 3, 9], w: [4, 3, 3], attrs: { strides: [2], pads: [1, 0] }, has: "MatMul" },
  { name: "of volumes", x: [1, 2, 4, 5, 3], w: [3, 2, 2, 3, 2], attrs: { strides: [1, 2, 1] }, has: "MatMul" },
  { name: "3x3 on a 2x2 map", x: [3, 64, 2, 2], w: [96, 64, 3, 3], attrs: same, has: "Split" },
  { name: "5x5 on a 2x3 map", x: [2, 64, 2, 3], w: [64, 64, 5, 5], attrs: { pads: [2, 2, 2, 2] }, has: "Split" },
  { name: "3x3 on one pixel", x: [2, 64, 1, 1], w: [64, 64, 3, 3], attrs: same, has: "Split" },
  { name: "3x3 by Winograd, small tiles", x: [3, 64, 6, 4], w: [96, 64, 3, 3], attrs: same, has: "MatMul" },
  { name: "3x3 by Winograd, large tiles", x: [3, 64, 8, 4], w: [96, 64, 3, 3], attrs: same, has: "MatMul" },
  { name: "3x3 by Winograd, tiles beyond the map", x: [2, 64, 7, 11], w: [64, 64, 3, 3], attrs: same, has: "MatMul" },
];

test.each(cases)("Conv $name is onnxruntime's own Conv", async ({ x, w, attrs, has }) => {
  const next = randomStream(3);
  const graph = new Graph("conv");
  const b = new Builder(graph);
  const weights = [randomTensor(next, w), randomTensor(next, [w[0]!])].map((data) => b.constant(data));
  const input = graph.input("x", { dtype: "float32", shape: x });
  graph.output("y", b.op("Conv", [input, ...weights], { kernel_shape: w.slice(2), ...attrs }));
  const lowered = translate(graph, cpuRules);
  const ops = new Set(lowered.order().map(({ op }) => op));
  expect(ops.has("Conv")).toBe(false);
  expect(ops.has(has)).toBe(true);
  const value = randomTensor(next, x);
  const [before, after] = [await run(graph, { x: value }), await run(lowered, { x: value })];
  // Sums of up to 576 products of numbers below 1, in float32, in another order.
  expect(maxDifference(before.y!, after.y!)).toBeLessThan(1e-4);
});
