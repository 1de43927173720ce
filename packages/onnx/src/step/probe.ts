import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Value } from "../ir/value.ts";
import { type Rules, translate } from "../lower/translation.ts";
import { objective } from "./objective.ts";
import type { StepOptions, TrainableGraph } from "./step.ts";

/** A value of the forward pass that a probe looks at, in the forward pass' own names. */
export interface ProbedValue {
  /** The probe's output: 0 where every number is finite, else NaN. */
  readonly output: string;
  readonly is: "input" | "weight" | "layer" | "node" | "loss";
  /** Of the input, weight, layer or node. */
  readonly name: string;
  /** What computes it; inputs and weights are given. */
  readonly op?: string;
}

/**
 * The forward pass and the loss of a step, with one number for each of their values: Σ 0 · x is 0, but NaN as soon as any
 * x is infinite or NaN. In the order in which they are computed, what is given first.
 */
export function buildProbe(
  forward: TrainableGraph,
  { weighted = false }: Pick<StepOptions, "weighted">,
  rules: Rules,
): { readonly graph: Graph; readonly probed: readonly ProbedValue[] } {
  const { graph, outputs, parameters } = forward;
  const b = new Builder(graph);
  const own = new Set(graph.nodes);
  const loss = objective(b, outputs, weighted);
  const weights = new Set(parameters.map(({ value }) => value));
  const nodes = graph.orderOf([loss]);
  graph.outputs.length = 0;
  const probed: ProbedValue[] = [];
  const probe = (value: Value, facts: Omit<ProbedValue, "output">): void => {
    if (value.type.dtype !== "float32") return;
    const output = `probe/${probed.length}`;
    graph.output(output, b.total(b.mul(value, 0)));
    probed.push({ output, ...facts });
  };
  const given = [...graph.inputs].sort((x, y) => Number(weights.has(x)) - Number(weights.has(y)));
  for (const input of given) probe(input, { is: weights.has(input) ? "weight" : "input", name: input.name ?? "" });
  for (const node of nodes) {
    const [layer] = node.origins;
    const name = layer ?? node.name ?? node.output.name ?? node.op;
    const is = own.has(node) ? (layer === undefined ? "node" : "layer") : "loss";
    for (const value of node.outputs) probe(value, { is, name: is === "loss" ? is : name, op: node.op });
  }
  return { graph: translate(graph, rules), probed };
}
