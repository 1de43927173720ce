import type { RandomInput } from "@resonnx/export";
import {
  buildEvaluation,
  buildGradients,
  buildProbe,
  buildStep,
  encode,
  type Graph,
  type Loss,
  labelsName,
  looped,
  lossOf,
  type PhaseName,
  type ProbedValue,
  predictionsName,
  type RenewedWeight,
  SLOTS,
  type StateSlot,
  slotName,
  type TrainableGraph,
  type TrainedOutput,
  translate,
  type UpdateRule,
  updateRule,
} from "@resonnx/onnx";
import type { StateArray, TrainingJob } from "../engine.ts";
import { floatInputs } from "./float-inputs.ts";
import type { ForwardPass, PassGraph } from "./forward-pass.ts";
import type { Lowering } from "./lowerings.ts";

/** A training's graphs for one batch size, ready for onnxruntime. */
export interface StepProgram {
  /** In a buffer of their own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly state: readonly StateSlot[];
  /** Inputs that want new random numbers at every step. */
  readonly randoms: readonly RandomInput[];
}

/** An input or output of the model. */
export interface Port {
  readonly name: string;
  /** Its shape without the batch. */
  readonly dims: readonly number[];
}

export interface OutputPort extends Port {
  readonly loss: Loss;
  /** Its names in step graphs. */
  readonly labels: Port;
  readonly predictions: string;
}

export interface StepKind {
  /** The exact batch. */
  readonly count: number;
  readonly phase: PhaseName;
  /** Whether it takes sample weights. */
  readonly weighted: boolean;
}

export interface Program {
  readonly inputs: readonly Port[];
  readonly outputs: readonly OutputPort[];
  /** The weights at the start; optimizer arrays start at zero. */
  readonly weights: Readonly<Record<string, StateArray>>;
  /** The shapes of all weights and optimizer arrays. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly rule: UpdateRule;
  /** The weights that a step renews. */
  readonly renewed: readonly RenewedWeight[];
  /** The graph of one step. */
  step(kind: StepKind): StepProgram;
  /** The graph of so many steps of one kind. All that they read and tell, besides the state, lies behind each other. */
  steps(kind: StepKind, times: number): StepProgram;
  /** The graph of a step's gradients alone, for a batch of exactly `count`. */
  gradients(count: number): { readonly graph: Graph; readonly randoms: readonly RandomInput[] };
  /** A graph that tells which values of a step's forward pass are finite. */
  probe(kind: Omit<StepKind, "phase">): StepProgram & { readonly probed: readonly ProbedValue[] };
  /** The graph of inference and the loss; reads weights, or their moving averages, as inputs. */
  evaluate(kind: Omit<StepKind, "phase">, averaged: boolean): StepProgram;
  /** The graph of inference for a batch of exactly `count`; reads weights, or their moving averages, as inputs. */
  predict(count: number, averaged: boolean): Uint8Array<ArrayBuffer>;
}

export type ProgramOptions = Omit<TrainingJob, "model" | "batchSize">;

/** The model as training graphs. Throws `unsupported` for what has no rule, `bad-input` for options out of range. */
export function programOf(forward: ForwardPass, options: ProgramOptions, { rules, pieces }: Lowering): Program {
  const rule = updateRule(options);
  const frozen = options.frozen && matcher(options.frozen);
  const build = (count: number, training: boolean): PassGraph => {
    const made = forward({ training, batchSize: count, frozen });
    return { ...made, inputs: floatInputs(made.graph, made.inputs) };
  };
  const sample = build(1, true);
  const outputs = sample.outputs.map(({ name, value }) =>
    outputPort(name, value.shape, sample.outputs.length, options),
  );
  const weights = sample.parameters.map(
    ({ name, data }) => [name, { dims: data.dims, data: data.data as Float32Array }] as const,
  );
  const shapes = shapesOf(sample, rule);
  const trained = (pass: PassGraph): TrainedOutput[] =>
    outputs.map(({ name, loss }, i) => {
      return { name, loss, value: pass.outputs[i]!.value, weight: options.lossWeights?.[name] ?? 1 };
    });
  const trainable = (count: number): { forward: TrainableGraph; randoms: readonly RandomInput[] } => {
    const pass = build(count, true);
    const { graph, parameters, randoms } = pass;
    return { forward: { graph, outputs: trained(pass), parameters }, randoms };
  };
  const inference = (count: number, averaged: boolean): PassGraph => {
    const pass = build(count, false);
    for (const { name, value } of pass.parameters)
      if (averaged && shapes.has(slotName(SLOTS.ema, name))) value.name = slotName(SLOTS.ema, name);
    return pass;
  };
  const step = ({ count, phase, weighted }: StepKind): StepProgram => {
    const { forward, randoms } = trainable(count);
    const kind = { phase: rule.phases[phase], weighted, recomputed: options.saveMemory, pieces };
    const made = buildStep(forward, kind, rules);
    return { bytes: encode(made.graph), state: made.state, randoms };
  };
  return {
    inputs: sample.inputs.map(({ name, shape }) => ({ name: name!, dims: shape.slice(1).map(Number) })),
    outputs,
    weights: Object.fromEntries(weights),
    shapes,
    rule,
    renewed: sample.parameters.flatMap(({ name, data: { dims }, trainable, update }) =>
      trainable || update ? [{ name, dims, by: trainable ? "gradient" : "forward" }] : [],
    ),
    step,
    steps(kind, times) {
      const { bytes, state, randoms } = step(kind);
      const kept = state.map((slot) => ({ ...slot, inPlace: false })); // all is as before when a step in the middle fails
      return { bytes: looped(bytes, { times, carried: state }), state: kept, randoms };
    },
    gradients(count) {
      const { forward, randoms } = trainable(count);
      return { graph: buildGradients(forward, {}, rules), randoms };
    },
    probe({ count, weighted }) {
      const { forward, randoms } = trainable(count);
      const { graph, probed } = buildProbe(forward, { weighted }, rules);
      return { bytes: encode(graph), state: [], randoms, probed };
    },
    evaluate({ count, weighted }, averaged) {
      const pass = inference(count, averaged);
      const graph = buildEvaluation({ graph: pass.graph, outputs: trained(pass) }, { weighted }, rules);
      return { bytes: encode(graph), state: [], randoms: [] };
    },
    predict: (count, averaged) => encode(translate(inference(count, averaged).graph, rules)),
  };
}

/** A pattern's `g` and `y` flags would make it remember its last match. */
function matcher(frozen: NonNullable<TrainingJob["frozen"]>): (name: string) => boolean {
  if (!(frozen instanceof RegExp)) return frozen;
  const pattern = new RegExp(frozen.source, frozen.flags.replace(/[gy]/g, ""));
  return (name) => pattern.test(name);
}

function outputPort(
  name: string,
  shape: readonly (number | string)[],
  of: number,
  { loss = "categoricalCrossentropy", losses }: ProgramOptions,
): OutputPort {
  const dims = shape.slice(1).map(Number);
  const made = lossOf(losses?.[name] ?? loss);
  const labels = { name: labelsName(name, of), dims: made.labels === "classes" ? dims.slice(0, -1) : dims };
  return { name, dims, loss: made, labels, predictions: predictionsName(name, of) };
}

function shapesOf({ parameters }: PassGraph, { phases }: UpdateRule): Map<string, readonly number[]> {
  const { slots, average } = phases.update;
  const slotsOf = ({ trainable, update }: PassGraph["parameters"][number]): readonly string[] => {
    if (trainable) return slots;
    return average && update ? [SLOTS.ema] : [];
  };
  return new Map(
    parameters.flatMap((parameter) => {
      const { name, data } = parameter;
      return [name, ...slotsOf(parameter).map((slot) => slotName(slot, name))].map(
        (each) => [each, data.dims] as const,
      );
    }),
  );
}
