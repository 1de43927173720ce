import { expect } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { isStatic } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { type Rewrite, rewriterOf } from "../passes/local.ts";
import { optimize, type Pass } from "../passes/pass.ts";
import { randomStream, randomTensor } from "./random.ts";
import { maxDifference, run } from "./run.ts";

export type Build = (b: Builder, x: Value) => Value | readonly Value[];

/** A graph with an input `x` of a static shape and the outputs y0, y1, ... */
export function graphOf(shape: readonly number[], build: Build): Graph {
  const graph = new Graph("test");
  const x = graph.input("x", { dtype: "float32", shape });
  const outputs = [build(new Builder(graph), x)].flat();
  for (const [i, output] of outputs.entries()) graph.output(`y${i}`, output);
  return graph;
}

export const opsOf = (graph: Graph): OpName[] => graph.order().map(({ op }) => op);

/** The pass leaves exactly the operators `wanted`, and onnxruntime gets the same numbers from them. */
export async function expectPass(pass: Pass, graph: Graph, wanted: readonly OpName[]): Promise<void> {
  const shape = graph.inputs[0]!.shape;
  if (!isStatic(shape)) throw new Error("a pass is tested on static shapes");
  const x = randomTensor(randomStream(3), shape);
  const before = await run(graph, { x });
  optimize(graph, [pass]);
  expect(opsOf(graph)).toEqual(wanted);
  const after = await run(graph, { x });
  for (const { name } of graph.outputs) expect(maxDifference(before[name]!, after[name]!)).toBeLessThan(1e-5);
}

/** Why the rewrite leaves the graph's nodes of that operator as they are: one reason a node, in order. */
export function refusals<K extends OpName>(op: K, rewrite: Rewrite<K>, graph: Graph): string[] {
  return graph.order().flatMap((node) => {
    if (!node.is(op)) return [];
    const outcome = rewrite(node, rewriterOf(graph));
    return "skip" in outcome ? [outcome.skip] : [];
  });
}
