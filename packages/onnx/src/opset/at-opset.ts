import { ResonnxError } from "@resonnx/base";
import { copyGraph } from "../ir/copy.ts";
import type { Graph } from "../ir/graph.ts";
import type { OpName } from "../ops/index.ts";
import { ops } from "../ops/index.ts";
import { localPass } from "../passes/local.ts";
import { existsSince, OPSETS, schemaOf } from "../schema/schema.ts";
import { decompositions } from "./decompositions.ts";

/** Throws `unsupported` for an opset that can't be written. */
export function checkOpset(opset: number): void {
  if (!Number.isInteger(opset) || opset < OPSETS.least || opset > OPSETS.most)
    throw new ResonnxError("unsupported", {
      where: "opset",
      what: "an operator set that can't be written",
      got: `${opset}`,
      wanted: `${OPSETS.least} to ${OPSETS.most}`,
    });
}

/**
 * The graph with every operator that `opset` does not have yet written in operators that it has; the graph itself where
 * there is none. Throws one `unsupported` naming all that have no such form.
 */
export function atOpset(graph: Graph, opset: number): Graph {
  checkOpset(opset);
  const later = new Set(graph.order().flatMap(({ op }) => (ops[op].domain === "" && !schemaOf(op, opset) ? [op] : [])));
  const stuck = [...later].filter((op) => !decompositions[op]);
  if (stuck.length > 0)
    throw new ResonnxError("unsupported", {
      where: `${graph.name}: opset ${opset}`,
      what: `operators that came later: ${stuck.map((op) => `${op} (${existsSince(op) ?? "in no opset"})`).join(", ")}`,
    });
  if (later.size === 0) return graph;
  const copy = copyGraph(graph);
  const wanted = Object.fromEntries([...later].map((op: OpName) => [op, decompositions[op]]));
  localPass(`decompose for opset ${opset}`, wanted).run(copy);
  return copy;
}
