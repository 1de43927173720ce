import { expect, test } from "vitest";
import type { Builder } from "../builder/builder.ts";
import { floats, integers, type Tensor, tensor } from "../ir/tensor.ts";
import { expectPass, graphOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { evaluate, foldConstants } from "./fold-constants.ts";

const next = randomStream(8);

test("a formula over constants becomes one constant", async () => {
  const graph = graphOf([2, 3, 4], (b, x) => {
    const [p, q] = [b.constant(randomTensor(next, [3, 1])), b.constant(randomTensor(next, [1, 4]))];
    const root = b.sqrt(b.op("Abs", [b.sub(b.mul(p, q), b.div(p, 3))], {}));
    const powers = b.op("Pow", [b.exp(b.neg(root)), b.filled([4], 2)], {});
    const turned = b.op("Transpose", [b.op("Unsqueeze", [powers, b.ints([0])], {})], { perm: [2, 0, 1] });
    const back = b.op("Reshape", [b.op("Transpose", [turned], { perm: [1, 2, 0] }), b.ints([3, 4])], {});
    return b.add(x, b.relu(b.op("Log", [b.op("Reciprocal", [b.add(back, 1)], {})], {})));
  });
  await expectPass(foldConstants, graph, ["Add"]);
});

test("a constant output needs no node", () => {
  const graph = graphOf([1], (b) => b.relu(b.constant(floats([2], [-1, 1]))));
  foldConstants.run(graph);
  expect(graph.outputs[0]!.value.constant?.data).toEqual(Float32Array.of(0, 1));
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["an input is no constant", (b, x) => b.add(x, 1)],
  [
    "no rule for its element type",
    (b) => b.add(b.constant(tensor("int8", [1], Int8Array.of(1))), b.constant(tensor("int8", [1], Int8Array.of(2)))),
  ],
  ["more than 1048576 elements", (b) => b.add(b.filled([1025, 1], 1), b.filled([1, 1024], 1))],
])("stays: %s", (reason, build) => {
  expect(refusals("Add", evaluate, graphOf([1], build))).toEqual([reason]);
});

const bools = (values: readonly number[]): Tensor => tensor("bool", [values.length], Uint8Array.from(values));

test.each<[string, Parameters<typeof graphOf>[1], Tensor]>([
  ["sizes", (b, x) => b.op("Shape", [x], {}), integers([2, 3])],
  [
    "arithmetic on sizes",
    (b, x) => b.mul(b.gather(b.op("Shape", [x], {}), b.ints([1, -2]), 0), b.ints([10])),
    integers([30, 20]),
  ],
  ["joined sizes", (b) => b.concat([b.ints([1, 2]), b.ints([3])], 0), integers([1, 2, 3])],
  [
    "a slice from the end",
    (b) => b.op("Slice", [b.ints([1, 2, 3]), b.ints([-2]), b.ints([99]), b.ints([0])], {}),
    integers([2, 3]),
  ],
  [
    "a cast towards zero",
    (b) => b.op("Cast", [b.constant(floats([2], [-1.5, 2.9]))], { to: "int64" }),
    integers([-1, 2]),
  ],
  [
    "a choice",
    (b) => b.op("Where", [b.op("Not", [b.constant(bools([1, 0]))], {}), b.ints([5]), b.ints([6, 7])], {}),
    integers([6, 5]),
  ],
  ["a stretched vector", (b) => b.op("Expand", [b.ints([4]), b.ints([2])], {}), integers([4, 4])],
  ["a comparison", (b) => b.op("Equal", [b.ints([1, 2]), b.ints([2])], {}), bools([0, 1])],
])("%s", async (_, build, wanted) => {
  const graph = graphOf([2, 3], build);
  foldConstants.run(graph);
  expect(graph.outputs[0]!.value.constant).toEqual(wanted);
});

test.each<[string, Parameters<typeof graphOf>[1]]>([
  ["integers divided", (b) => b.div(b.ints([-3]), b.ints([2]))],
  ["an index out of range", (b) => b.gather(b.ints([1]), b.ints([5]), 0)],
  ["beyond what a number holds", (b) => b.op("Add", [big(b), big(b)], {})],
])("left to the runtime: %s", (_, build) => {
  const graph = graphOf([2, 3], build);
  expect(foldConstants.run(graph)).toBe(0);
});

const big = (b: Builder) => b.constant(tensor("int64", [1], BigInt64Array.of(2n ** 60n)));
