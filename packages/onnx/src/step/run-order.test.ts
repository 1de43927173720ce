import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { lossOf } from "../losses/index.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { decode } from "../proto/decode.ts";
import { encode } from "../proto/encode.ts";
import { runOrder } from "../testing/run-order.ts";
import { buildStep } from "./step.ts";
import { updateRule } from "./update-rule.ts";

const LAYERS = [1, 2, 3, 4, 5, 6];
const WIDTH = 16;

/** Adam's step of six dense layers. */
function step(): Graph {
  const graph = new Graph("dense");
  const b = new Builder(graph);
  const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: "float32", shape });
  let value = input("x", [8, WIDTH]);
  const parameters = LAYERS.flatMap((layer) => {
    const [kernel, bias] = [input(`kernel${layer}`, [WIDTH, WIDTH]), input(`bias${layer}`, [WIDTH])];
    value = b.relu(b.add(b.matmul(value, kernel), bias));
    return [kernel, bias].map((value) => ({ name: value.name!, value, trainable: true }));
  });
  const outputs = [{ name: "y", value, loss: lossOf("meanSquaredError"), weight: 1 }];
  return buildStep({ graph, outputs, parameters }, { phase: updateRule({ optimizer: "adam" }).phases.update }, cpuRules)
    .graph;
}

test("onnxruntime renews each kernel before it computes the next gradient", async () => {
  const bytes = encode(step());
  const graph = decode(bytes);
  const places = new Map((await runOrder(bytes, "disabled")).map(({ name }, i) => [name, i]));
  const placeOf = (node: Node): number => places.get(node.name!)!;
  const endsIn = (end: string): Value[] =>
    graph.outputs.filter(({ name }) => name.endsWith(end)).map(({ value }) => value);
  const known = new Set(graph.orderOf([...endsIn("loss"), ...endsIn("predictions")]));
  const spans = [...LAYERS].reverse().map((layer) => {
    const own = graph.orderOf(endsIn(`kernel${layer}`)).filter((node) => !known.has(node));
    for (const node of own) known.add(node);
    expect(own.length).toBeGreaterThan(5); // the gradients of the layer, and Adam's arithmetic
    return own.map(placeOf);
  });
  for (const [i, span] of spans.entries())
    if (i > 0) expect(Math.min(...span)).toBeGreaterThan(Math.max(...spans[i - 1]!));
});
