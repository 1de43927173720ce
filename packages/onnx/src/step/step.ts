import { gradients } from "../autodiff/gradients.ts";
import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Value } from "../ir/value.ts";
import { type Rules, translate } from "../lower/translation.ts";
import { renewAll } from "./gathered.ts";
import { inPieces, type Piece } from "./in-pieces.ts";
import { writableInPlace } from "./in-place.ts";
import { moving, movingAverages } from "./moving-averages.ts";
import { nextName, SLOTS, slotName } from "./names.ts";
import { objective, type TrainedOutput, tellLoss } from "./objective.ts";
import { keepApart, recompute } from "./recompute.ts";
import { useGradientsEarly } from "./run-order.ts";
import type { Phase, Renewed, Trained } from "./update-rule.ts";

/** A graph input that holds a weight. */
export interface TrainableParameter {
  readonly name: string;
  readonly value: Value;
  readonly trainable: boolean;
  /** The value that replaces it after a step by other means than its gradient: a moving average of a BatchNormalization. */
  readonly update?: Value | undefined;
}

/** A model's forward pass in training mode, for one batch size. */
export interface TrainableGraph {
  readonly graph: Graph;
  readonly outputs: readonly TrainedOutput[];
  readonly parameters: readonly TrainableParameter[];
}

export interface StepOptions {
  /** What becomes of the gradients. */
  readonly phase: Phase;
  /** Whether the step takes `sample_weights`. */
  readonly weighted?: boolean | undefined;
  /** Whether the backward pass computes most values of the forward pass again instead of keeping them: slower, in less memory. */
  readonly recomputed?: boolean | undefined;
  /** Whether the step may take and give parts of weights as arrays of their own, where it computes with those. */
  readonly pieces?: boolean | undefined;
}

/** One array that a step reads under `input` and replaces by `output`. */
export interface StateSlot {
  readonly input: string;
  readonly output: string;
  readonly dims: readonly number[];
  /** Whether `output` may be written over `input`. Never true of weights: other nodes than the update's read them too. */
  readonly inPlace: boolean;
  /** Where it is a part of an array; else it is that of the name `input`. */
  readonly piece?: Piece;
}

/**
 * One training step as one ONNX graph: forward, loss, gradients and update. Appends to `forward.graph`, which is spent
 * afterwards, and lowers the whole by `rules`. Nodes are in an order in which onnxruntime needs little memory.
 *
 * Inputs: the model's own, `labels` for each output, `sample_weights`, the phase's scalars, and `state`.
 * Outputs: `loss` (a scalar, mean over the batch), `predictions` of each output, and the new `state`.
 */
export function buildStep(
  forward: TrainableGraph,
  { phase, weighted = false, recomputed = false, pieces = false }: StepOptions,
  rules: Rules,
): { readonly graph: Graph; readonly state: readonly StateSlot[] } {
  const { graph, outputs, parameters } = forward;
  const b = new Builder(graph);
  const averages = movingAverages(graph, parameters);
  const loss = objective(b, outputs, weighted);
  const scalars = phase.scalars.map((name) => graph.input(name, { dtype: "float32", shape: [] }));
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const values = trainable.map(({ value }) => value);
  const passed = graph.orderOf([loss]);
  const found = gradients(graph, loss, values);
  if (recomputed) recompute(graph, passed);
  const slotsOf = (names: readonly string[], name: string, { type }: Value): Value[] =>
    names.map((slot) => graph.input(slotName(slot, name), type));
  const trained = trainable.map(({ name, value }, i) => ({
    name,
    parameter: value,
    gradient: found[i]!,
    slots: slotsOf(phase.slots, name, value),
  }));
  const moved = averages.map((average) => ({
    ...average,
    slots: slotsOf(phase.average ? [SLOTS.ema] : [], average.name, average.parameter),
  }));
  const renewed = [...renewAll(b, phase, trained, scalars), ...renewAll(b, moving(averages, phase), moved, scalars)];

  tellLoss(graph, loss, outputs);
  const { weights, slots } = nextOf([...trained, ...moved], renewed);
  for (const [input, next] of [...weights, ...slots]) graph.output(nextName(input.name!), next);
  const lowered = translate(graph, rules);
  if (recomputed) keepApart(new Builder(lowered));
  const families = trained.map((each) => [each.parameter, ...each.slots].map(({ name }) => name!));
  const taken = pieces ? inPieces(lowered, families) : new Map<string, Piece>();
  useGradientsEarly(lowered);
  const kept = new Set([...slots.keys()].map(({ name }) => name!));
  return { graph: lowered, state: stateOf(lowered, kept, taken) };
}

/** What replaces each weight, and each slot. */
function nextOf(before: readonly Trained<Value>[], renewed: readonly Renewed<Value>[]) {
  const weights = new Map<Value, Value>();
  const slots = new Map<Value, Value>();
  for (const [i, next] of renewed.entries()) {
    const { parameter, slots: own } = before[i]!;
    if (next.parameter) weights.set(parameter, next.parameter);
    for (const [k, slot] of own.entries()) slots.set(slot, next.slots[k]!);
  }
  return { weights, slots };
}

/** The arrays of a lowered step graph that it replaces; `slots` are those that may change in place. */
function stateOf(graph: Graph, slots: ReadonlySet<string>, pieces: ReadonlyMap<string, Piece>): StateSlot[] {
  const next = new Map(graph.outputs.map(({ name, value }) => [name, value]));
  return graph.inputs.flatMap((input) => {
    const name = input.name!;
    const output = next.get(nextName(name));
    if (!output) return [];
    const piece = pieces.get(name);
    const whole = piece && graph.inputs.some((other) => other.name === piece.of); // lies in the same memory
    const inPlace = slots.has(piece?.of ?? name) && !whole && writableInPlace(input, output);
    return [
      { input: name, output: nextName(name), dims: input.shape as readonly number[], inPlace, ...(piece && { piece }) },
    ];
  });
}
