import { ResonnxError } from "@resonnx/base";
import type { Graph } from "../ir/graph.ts";
import { ops } from "../ops/index.ts";

/**
 * Structural check before anything is written: every value that is read comes from this graph, inputs and outputs have
 * names, and no operator of a step graph is left. (Types and arity hold by construction: Graph infers as it appends.)
 * Throws `bad-input` at the first violation.
 */
export function check(graph: Graph): void {
  const refuse = (where: string, what: string, hint?: string): never => {
    throw new ResonnxError("bad-input", { where: `${graph.name}: ${where}`, what, ...(hint && { hint }) });
  };
  if (graph.outputs.length === 0) refuse("outputs", "the graph has none");
  const known = new Set(graph.inputs);
  for (const input of graph.inputs) if (!input.name) refuse("input", "has no name");
  for (const node of graph.order()) {
    const where = node.name ?? node.op;
    if (!graph.nodes.has(node)) refuse(where, "belongs to another graph");
    if (ops[node.op].domain !== "")
      refuse(where, `${node.op} is not an ONNX operator`, "lower the graph for a target first");
    for (const [i, input] of node.inputs.entries()) {
      if (input && !input.constant && !known.has(input))
        refuse(where, `reads input ${i} that nothing in this graph gives`);
    }
    for (const output of node.outputs) known.add(output);
  }
  for (const { name, value } of graph.outputs) {
    if (!value.constant && !known.has(value)) refuse(name, "is given by nothing in this graph");
  }
}
