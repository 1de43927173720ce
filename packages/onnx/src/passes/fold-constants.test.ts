import { expect, test } from "vitest";
import { floats } from "../ir/tensor.ts";
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
  ["no rule for its element type", (b) => b.add(b.ints([1]), b.ints([2]))],
  ["more than 1048576 elements", (b) => b.add(b.filled([1025, 1], 1), b.filled([1, 1024], 1))],
])("stays: %s", (reason, build) => {
  expect(refusals("Add", evaluate, graphOf([1], build))).toEqual([reason]);
});
