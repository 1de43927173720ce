import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import { type Rules, translate } from "../lower/translation.ts";
import { objective, tellLoss } from "./objective.ts";
import type { StepOptions, TrainableGraph } from "./step.ts";

/**
 * The loss of a batch without a step: `forward` is the pass in inference mode, which is spent afterwards.
 *
 * Inputs: the model's own, `labels` for each output, `sample_weights` when asked for, and the weights.
 * Outputs: `loss` (mean over the batch) and `predictions` of each output.
 */
export function buildEvaluation(
  { graph, outputs }: Pick<TrainableGraph, "graph" | "outputs">,
  { weighted = false }: Pick<StepOptions, "weighted">,
  rules: Rules,
): Graph {
  const loss = objective(new Builder(graph), outputs, weighted);
  tellLoss(graph, loss, outputs);
  return translate(graph, rules);
}
