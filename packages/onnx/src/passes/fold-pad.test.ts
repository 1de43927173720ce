import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { foldPad, padIntoAveragePool, padIntoConv, padIntoMaxPool } from "./fold-pad.ts";

const next = randomStream(6);
const SHAPE = [2, 3, 5, 6];
const SPATIAL = [0, 0, 1, 2, 0, 0, 3, 0];

const conv = (b: Builder, x: Value): Value =>
  b.op("Conv", [x, b.constant(randomTensor(next, [4, x.shape[1] as number, 3, 3]))], {
    kernel_shape: [3, 3],
    pads: [0, 1, 0, 1],
    strides: [2, 1],
  });
const pool = (b: Builder, x: Value): Value => b.op("MaxPool", [x], { kernel_shape: [3, 3], strides: [1, 1] });

test("zeros go into a Conv's own pads", async () => {
  const graph = graphOf(SHAPE, (b, x) => conv(b, b.pad(x, SPATIAL)));
  await expectPass(foldPad, graph, ["Conv"]);
  expect(graph.order()[0]?.attrs).toMatchObject({ pads: [1, 3, 3, 1] });
});

test("a Transpose in between moves in front", async () => {
  const nhwc = (b: Builder, x: Value) => conv(b, b.transpose(b.pad(x, [0, 1, 2, 0, 0, 3, 0, 0]), [0, 3, 1, 2]));
  await expectPass(foldPad, graphOf([2, 5, 6, 3], nhwc), ["Transpose", "Conv"]);
});

test("-infinity goes into a MaxPool's own pads", async () => {
  const padded = (b: Builder, x: Value) =>
    b.op("Pad", [x, b.ints([0, 0, 1, 2, 0, 0, 2, 0]), Number.NEGATIVE_INFINITY], {});
  await expectPass(
    foldPad,
    graphOf(SHAPE, (b, x) => pool(b, padded(b, x))),
    ["MaxPool"],
  );
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["its input is no Pad", (b, x) => conv(b, b.relu(x))],
  [
    "the padded value is read elsewhere too",
    (b, x) => {
      const y = b.pad(x, SPATIAL);
      return [conv(b, y), y];
    },
  ],
  ["the Pad does not fill with constant zeros", (b, x) => conv(b, b.op("Pad", [x, b.ints(SPATIAL), 1], {}))],
  ["the Pad crops", (b, x) => conv(b, b.pad(x, [0, 0, -1, 0, 0, 0, 0, 0]))],
  ["the Pad reaches into batch or channels", (b, x) => conv(b, b.pad(x, [0, 1, 0, 0, 0, 0, 0, 0]))],
])("stays before a Conv: %s", (reason, build) => {
  expect(refusals("Conv", padIntoConv, graphOf(SHAPE, build))).toEqual([reason]);
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["the Pad's fill can be a window's maximum", (b, x) => pool(b, b.pad(x, SPATIAL))],
  [
    "a window could lie in padding alone",
    (b, x) => pool(b, b.op("Pad", [x, b.ints(SPATIAL), Number.NEGATIVE_INFINITY], {})),
  ],
])("stays before a MaxPool: %s", (reason, build) => {
  expect(refusals("MaxPool", padIntoMaxPool, graphOf(SHAPE, build))).toEqual([reason]);
});

const average = (b: Builder, x: Value, attrs: { count_include_pad?: number; pads?: readonly number[] } = {}): Value =>
  b.op("AveragePool", [x], { kernel_shape: [4, 4], ...attrs });

test("zeros around values that are never negative go into a MaxPool", async () => {
  await expectPass(
    foldPad,
    graphOf(SHAPE, (b, x) => pool(b, b.pad(b.relu(x), [0, 0, 1, 2, 0, 0, 2, 0]))),
    ["Relu", "MaxPool"],
  );
});

test("zeros go into an AveragePool, where they count", async () => {
  await expectPass(
    foldPad,
    graphOf(SHAPE, (b, x) => average(b, b.pad(x, SPATIAL))),
    ["AveragePool"],
  );
  const counted = { count_include_pad: 1, pads: [1, 0, 0, 1] };
  await expectPass(
    foldPad,
    graphOf(SHAPE, (b, x) => average(b, b.pad(x, [0, 0, 1, 1, 0, 0, 1, 1]), counted)),
    ["AveragePool"],
  );
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["the Pad does not fill with constant zeros", (b, x) => average(b, b.op("Pad", [x, b.ints(SPATIAL), 1], {}))],
  ["its own padding does not count, the Pad's does", (b, x) => average(b, b.pad(x, SPATIAL), { pads: [1, 1, 1, 1] })],
  ["a window could lie in padding alone", (b, x) => average(b, b.pad(x, [0, 0, 4, 0, 0, 0, 0, 0]))],
])("stays before an AveragePool: %s", (reason, build) => {
  expect(refusals("AveragePool", padIntoAveragePool, graphOf(SHAPE, build))).toEqual([reason]);
});
