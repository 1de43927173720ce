import { gradients } from "../autodiff/gradients.ts";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { Tensor } from "../ir/tensor.ts";
import { type Rules, translate } from "../lower/translation.ts";
import { nextName, SLOTS, slotName } from "./names.ts";
import { objective, tellLoss } from "./objective.ts";
import { scheduled } from "./schedule.ts";
import type { StepOptions, TrainableGraph } from "./step.ts";
import type { Phase } from "./update-rule.ts";

/*
 * A step in graphs that other programs run: one of gradients, which they may sum over batches or machines, and one that
 * applies them. What one graph gives as `next/x` the other takes as `x`.
 */

export const gradientName = (parameter: string): string => slotName(SLOTS.gradient, parameter);

/**
 * Forward, loss and gradients for one batch. Appends to `forward.graph`, which is spent afterwards.
 *
 * Inputs: the model's own, `labels` for each output, `sample_weights` when asked for, and the weights.
 * Outputs: `loss` (mean over the batch), `predictions`, `gradient/{weight}`, and `next/{weight}` of moving averages.
 */
export function buildGradients(
  forward: TrainableGraph,
  { weighted = false }: Pick<StepOptions, "weighted">,
  rules: Rules,
): Graph {
  const { graph, outputs, parameters } = forward;
  const b = new Builder(graph);
  const loss = objective(b, outputs, weighted);
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const found = gradients(
    graph,
    loss,
    trainable.map(({ value }) => value),
  );
  tellLoss(graph, loss, outputs);
  for (const [i, { name }] of trainable.entries()) graph.output(gradientName(name), found[i]!);
  for (const { name, update } of parameters) if (update) graph.output(nextName(name), update);
  return translate(graph, rules);
}

/** Names of an update graph's inputs besides weights, gradients and slots. */
export const UPDATE = { learningRate: "learning_rate", step: "step" } as const;

/** A weight that a step renews. */
export interface RenewedWeight {
  readonly name: string;
  readonly dims: readonly number[];
  /** What renews it: this graph by its gradient, or the graph of gradients, as it does a normalization's statistics. */
  readonly by: "gradient" | "forward";
}

/**
 * Gradients applied. Inputs: `learning_rate`, `step` (int64, from 1), each weight, `gradient/{weight}`, and the phase's
 * slots `{slot}/{weight}`; for moving averages `next/{weight}` of what the graph of gradients renews. Outputs:
 * `next/{weight}` and `next/{slot}/{weight}`.
 */
export function buildUpdate(weights: readonly RenewedWeight[], phase: Phase, rules: Rules): Graph {
  const graph = new Graph("update");
  const b = new Builder(graph);
  const input = (name: string, dims: readonly number[]) => graph.input(name, { dtype: "float32", shape: dims });
  const learningRate = input(UPDATE.learningRate, []);
  const scalars = scheduled(b, phase, learningRate, graph.input(UPDATE.step, { dtype: "int64", shape: [] }));
  const moved = weights.filter(({ by }) => by === "gradient");
  const trained = moved.map(({ name, dims }) => ({
    name,
    parameter: input(name, dims),
    gradient: input(gradientName(name), dims),
    slots: phase.slots.map((slot) => input(slotName(slot, name), dims)),
  }));
  for (const [i, { parameter, slots }] of phase.apply(b, trained, scalars).entries()) {
    const { name } = moved[i]!;
    if (parameter) graph.output(nextName(name), parameter);
    for (const [k, slot] of slots.entries()) graph.output(nextName(slotName(phase.slots[k]!, name)), slot);
  }
  for (const { name, dims } of phase.average ? weights.filter(({ by }) => by === "forward") : []) {
    const slot = slotName(SLOTS.ema, name);
    graph.output(nextName(slot), phase.average!(b, input(slot, dims), input(nextName(name), dims), scalars));
  }
  return translate(graph, rules);
}

/** A graph without inputs that gives arrays by their names: where a training starts. */
export function buildStart(arrays: ReadonlyMap<string, Tensor>): Graph {
  const graph = new Graph("start");
  const b = new Builder(graph);
  for (const [name, data] of arrays) graph.output(name, b.op("Identity", [b.constant(data)], {}));
  return graph;
}
