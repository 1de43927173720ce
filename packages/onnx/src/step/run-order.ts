import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";

/**
 * Orders nodes so that arrays die early when onnxruntime runs them: each gradient is used up before the next is computed.
 * onnxruntime takes the nodes that no other reads, from the last to the first, and runs what each needs and has not run
 * yet (GraphViewer's reverse depth-first search). So these come last, the one that needs least at the very end.
 */
export function useGradientsEarly(graph: Graph): void {
  const ends = graph.order().filter((node) => node.outputs.every(({ users }) => users.size === 0));
  const needs = new Map(ends.map((node) => [node, ancestorsOf(node)] as const));
  for (const node of ends.sort((a, b) => needs.get(b)! - needs.get(a)!)) graph.moveLast(node);
}

function ancestorsOf(node: Node): number {
  const found = new Set([node]);
  for (const { inputs } of found) for (const input of inputs) if (input?.producer) found.add(input.producer);
  return found.size;
}
