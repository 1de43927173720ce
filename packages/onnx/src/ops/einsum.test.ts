import { expect, test } from "vitest";
import { Graph } from "../ir/graph.ts";

const input = (graph: Graph, name: string, shape: readonly (number | string)[]) =>
  graph.input(name, { dtype: "float32", shape });

test.each<[string, (number | string)[][], (number | string)[]]>([
  [
    "ab,bc->ac",
    [
      ["n", 3],
      [3, 4],
    ],
    ["n", 4],
  ],
  [
    "...x,xy->...y",
    [
      ["n", 5, 3],
      [3, 4],
    ],
    ["n", 5, 4],
  ],
  [
    "aecd,abcd->acbe",
    [
      ["n", 5, 2, 3],
      ["n", 7, 2, 3],
    ],
    ["n", 2, 7, 5],
  ],
  ["ab -> ba", [["n", 3]], [3, "n"]],
])("%s", (equation, shapes, wanted) => {
  const graph = new Graph("g");
  const inputs = shapes.map((shape, i) => input(graph, `x${i}`, shape));
  expect(graph.op("Einsum", inputs, { equation }).shape).toEqual(wanted);
});

test.each([
  [
    "ab,bc->ac",
    [
      [2, 3],
      [4, 5],
    ],
    'two sizes for axis "b"',
  ],
  ["ab->ac", [[2, 3]], `the output's axis "c" is in no input`],
  ["abc->a", [[2, 3]], "a term does not fit its input"],
  ["ab", [[2, 3]], "the equation does not fit the inputs"],
])("refused: %s of %j", (equation, shapes, message) => {
  const graph = new Graph("g");
  const inputs = (shapes as number[][]).map((shape, i) => input(graph, `x${i}`, shape));
  expect(() => graph.op("Einsum", inputs, { equation: equation as string })).toThrow(message as string);
});
