import { ResonnxError } from "@resonnx/base";
import { gradients } from "../autodiff/gradients.ts";
import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import { isStatic } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { type Rules, translate } from "../lower/translation.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { categoricalCrossentropy } from "./losses.ts";

/** A graph input that holds a weight. */
export interface TrainableParameter {
  readonly name: string;
  readonly value: Value;
  readonly trainable: boolean;
  /** The value that replaces it after a step by other means than its gradient: a moving average. */
  readonly update?: Value | undefined;
}

/** A model's forward pass in training mode, for one batch size. */
export interface TrainableGraph {
  readonly graph: Graph;
  /** Class probabilities [batch, classes]. */
  readonly predictions: Value;
  readonly parameters: readonly TrainableParameter[];
}

/** One array that a step reads under `input` and replaces by `output`. */
export interface StateSlot {
  readonly input: string;
  readonly output: string;
  readonly dims: readonly number[];
  /**
   * Whether `output` may be written over `input`: true for an optimizer's arrays, which one node reads before their
   * successor is computed from what it gives. Weights are read all over the graph, in an order that only the runtime knows.
   */
  readonly inPlace: boolean;
}

/** Names of a step graph's other inputs and outputs. */
export const STEP = { labels: "labels", loss: "loss", predictions: "predictions" } as const;

export const slotName = (slot: string, parameter: string): string => `${slot}/${parameter}`;
const nextName = (name: string): string => `next/${name}`;

/**
 * One training step as one ONNX graph: forward, loss, gradients and update. Appends to `forward.graph`, which is spent
 * afterwards, and lowers the whole by `rules`.
 *
 * Inputs: the model's own, `labels` [batch, classes] (one-hot or smoothed), the optimizer's scalars, and `state`.
 * Outputs: `loss` (a scalar, mean over the batch), `predictions`, and the new `state`.
 */
export function buildStep(
  forward: TrainableGraph,
  optimizer: Optimizer,
  rules: Rules,
): { readonly graph: Graph; readonly state: readonly StateSlot[] } {
  const { graph, predictions, parameters } = forward;
  const { shape } = predictions;
  if (shape.length !== 2 || !isStatic(shape)) {
    throw new ResonnxError("unsupported", {
      where: graph.name,
      what: "training needs one output of class probabilities for a known batch size",
      got: `[${shape}]`,
      wanted: "[batch, classes]",
    });
  }
  const b = new Builder(graph);
  const labels = graph.input(STEP.labels, { dtype: "float32", shape });
  const scalars = optimizer.scalars.map((name) => graph.input(name, { dtype: "float32", shape: [] }));
  const loss = categoricalCrossentropy(b, labels, predictions);
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const gradientOf = new Map(
    gradients(
      graph,
      loss,
      trainable.map(({ value }) => value),
    ).map((gradient, i) => [trainable[i]!.name, gradient]),
  );

  graph.outputs.length = 0;
  graph.output(STEP.loss, loss);
  graph.output(STEP.predictions, predictions);
  const state: StateSlot[] = [];
  const carry = (input: Value, next: Value, inPlace: boolean): void => {
    const name = input.name!;
    graph.output(nextName(name), next);
    state.push({ input: name, output: nextName(name), dims: input.shape as readonly number[], inPlace });
  };
  for (const { name, value, update } of parameters) {
    const gradient = gradientOf.get(name);
    if (gradient) {
      const slots = optimizer.slots.map((slot) => graph.input(slotName(slot, name), value.type));
      const next = optimizer.update(b, { parameter: value, gradient, slots, scalars });
      carry(value, next.parameter, false);
      for (const [i, slot] of slots.entries()) carry(slot, next.slots[i]!, true);
    } else if (update) {
      carry(value, update, false);
    }
  }
  return { graph: translate(graph, rules), state };
}
