import { ResonnxError } from "@resonnx/base";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";

/** What `work` gives; its errors name the node that it is about. */
export function inNode<T>(graph: Graph, node: Node, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ResonnxError)) throw error;
    const where = `${graph.name}: ${node.name ?? node.op}`;
    throw new ResonnxError(error.code, { ...error.facts, where, what: `${node.op}: ${error.facts.what}` });
  }
}
