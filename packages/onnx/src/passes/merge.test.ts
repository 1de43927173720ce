import { expect, test } from "vitest";
import { expectPass, graphOf, opsOf, refusals } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { globalPool, meanToGlobalPool, poolToGlobalPool } from "./global-pool.ts";
import { castOfCast, mergeCasts } from "./merge-casts.ts";
import { mergeDuplicates } from "./merge-duplicates.ts";

test("nodes that compute the same are one, small constants compared by what they hold", async () => {
  const graph = graphOf([2, 3], (b, x) => {
    const twin = () =>
      b.op("Transpose", [b.add(b.relu(x), b.constant(randomTensor(randomStream(1), [3])))], { perm: [1, 0] });
    return b.add(twin(), twin());
  });
  await expectPass(mergeDuplicates, graph, ["Relu", "Add", "Transpose", "Add"]);
});

test("other attributes, other inputs, other order: not the same", () => {
  const graph = graphOf([3, 3], (b, x) => [
    b.op("Softmax", [x], { axis: 0 }),
    b.op("Softmax", [x], { axis: 1 }),
    b.sub(x, 1),
    b.sub(1, x),
    b.sub(x, 2),
  ]);
  expect(mergeDuplicates.run(graph)).toBe(0);
});

test("a Cast that loses nothing is skipped", () => {
  const graph = graphOf([3], (b, x) => {
    const positive = b.greater(x, 0);
    return b.op("Cast", [b.op("Cast", [positive], { to: "int32" })], { to: "float32" });
  });
  mergeCasts.run(graph);
  expect(opsOf(graph)).toEqual(["Greater", "Cast"]);
});

test("a Cast that loses something stays", () => {
  const graph = graphOf([3], (b, x) => b.op("Cast", [b.op("Cast", [x], { to: "int32" })], { to: "float32" }));
  expect(refusals("Cast", castOfCast, graph)).toEqual(["its input is no Cast", "the first Cast loses something"]);
});

test("means over the whole picture are global pools", async () => {
  const graph = graphOf([2, 3, 4, 5], (b, x) => [
    b.mean(x, [2, 3], 1),
    b.op("AveragePool", [x], { kernel_shape: [4, 5] }),
  ]);
  await expectPass(globalPool, graph, ["GlobalAveragePool", "GlobalAveragePool"]);
});

test("other means and pools stay", () => {
  const graph = graphOf([2, 3, 4, 5], (b, x) => [
    b.mean(x, [2, 3], 0),
    b.mean(x, [1, 2], 1),
    b.op("AveragePool", [x], { kernel_shape: [4, 4] }),
  ]);
  expect(refusals("ReduceMean", meanToGlobalPool, graph)).toEqual(
    Array(2).fill("it does not reduce the spatial axes alone, keeping them"),
  );
  expect(refusals("AveragePool", poolToGlobalPool, graph)).toEqual(["its window is not the whole picture"]);
});
