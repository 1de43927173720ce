import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { expectPass, graphOf, opsOf, refusals } from "../testing/pass.ts";
import { mergeReshapes, reshapeOfReshape } from "./merge-reshapes.ts";

test("a chain becomes one Reshape", async () => {
  const graph = graphOf([2, 3, 4], (b, x) => {
    const flat = b.op("Flatten", [b.reshape(x, [6, 2, 2])], { axis: 1 });
    return b.op("Squeeze", [b.op("Unsqueeze", [flat, b.ints([0])], {}), b.ints([0])], {});
  });
  await expectPass(mergeReshapes, graph, ["Reshape"]);
});

test("one unknown size becomes -1 and keeps its name", () => {
  const graph = new Graph("g");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 8, 1, 1] });
  graph.output("y", b.op("Flatten", [b.reshape(x, [-1, 1, 1, 8])], { axis: 1 }));
  mergeReshapes.run(graph);
  expect(opsOf(graph)).toEqual(["Reshape"]);
  expect(graph.outputs[0]!.value.shape).toEqual(["batch", 8]);
});

test("stays: its input is not reshaped", () => {
  const graph = graphOf([2, 3, 4], (b, x) => b.reshape(b.relu(x), [6, 4]));
  expect(refusals("Reshape", reshapeOfReshape, graph)).toEqual(["its input is not reshaped"]);
});

test("stays: more than one size is unknown", () => {
  const graph = new Graph("g");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["n", "m"] });
  graph.output("y", b.op("Unsqueeze", [b.op("Unsqueeze", [x, b.ints([0])], {}), b.ints([0])], {}));
  expect(refusals("Unsqueeze", reshapeOfReshape, graph)).toEqual([
    "its input is not reshaped",
    "more than one size is unknown",
  ]);
});
