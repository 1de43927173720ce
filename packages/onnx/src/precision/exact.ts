import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { OpName } from "../ops/index.ts";

/** What comes out of learned weights is no whole number: it's rounded like everything else. */
const LEARNED: ReadonlySet<OpName> = new Set([
  "Conv",
  "ConvTranspose",
  "Einsum",
  "GRU",
  "Gemm",
  "LSTM",
  "MatMul",
  "RNN",
]);

/** Whether a node tells apart float32 numbers that are one in float16, whose whole numbers end at 2048. */
const tellsApart = (node: Node): boolean =>
  node.inputs[0]?.type.dtype === "float32" && (node.is("Equal") || (node.is("Cast") && /int|bool/.test(node.attrs.to)));

/** The nodes that make integers of float32 numbers or compare them, and those that those numbers come from. */
export function exactNodes(graph: Graph): ReadonlySet<Node> {
  const exact = new Set<Node>();
  for (const node of graph.order().toReversed()) {
    const feeds = node.outputs.some(
      (output) => output.type.dtype === "float32" && [...output.users].some((user) => exact.has(user)),
    );
    if (tellsApart(node) || (feeds && !LEARNED.has(node.op))) exact.add(node);
  }
  return exact;
}
