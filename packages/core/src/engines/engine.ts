import type { LossConfig, OnnxModel, UpdateOptions } from "@resonnx/onnx";
import type { LayersModel } from "@tensorflow/tfjs";

/** Every engine that can train, in the order in which `auto` describes them. */
export const ENGINE_NAMES = ["onnx", "tfjs-node-gpu", "tfjs-node", "tfjs"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const DEVICES = ["cpu", "webgpu", "cuda"] as const;
export type Device = (typeof DEVICES)[number];

/** The numbers of a model's only input or output, or of each of them by its name. Rows of a batch lie behind each other. */
export type Values = Float32Array | Readonly<Record<string, Float32Array>>;

/** What one training step learns from. */
export interface Batch {
  /** [count, ...] for each input: pictures are [count, height, width, channels]. Integers come as whole numbers. */
  readonly inputs: Values;
  /** For each output its own shape [count, ...]: one-hot or smoothed classes, values; class numbers [count] for sparse losses. */
  readonly labels: Values;
  readonly count: number;
  /** [count]: what each sample's loss is multiplied by. */
  readonly sampleWeights?: Float32Array | undefined;
}

/** What one step is to do. */
export interface StepJob {
  readonly batch: Batch;
  readonly learningRate: number;
}

export interface StepResult {
  /** Mean over the batch, before the update. */
  readonly loss: number;
  /** The first output [count, ...] in training mode, before the update: class probabilities [count, classes]. */
  readonly predictions: Float32Array;
  /** Every output by its name. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** What a batch gives in inference mode. */
export interface BatchEvaluation {
  /** Mean over the batch, as in a step: of weighted samples and outputs. Not finite where predictions aren't. */
  readonly loss: number;
  /** The first output [count, ...]: class probabilities [count, classes]. */
  readonly predictions: Float32Array;
  /** Every output by its name. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** One float32 array of a training's state. */
export interface StateArray {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * All that a training is made of, by name: weights by their Keras names (`conv1/kernel`), optimizer arrays as
 * `{slot}/{weight}` (`m/conv1/kernel`). With the number of steps done it continues exactly.
 */
export interface TrainingState {
  /** Steps done; the optimizer's bias corrections depend on it. */
  readonly step: number;
  readonly arrays: Readonly<Record<string, StateArray>>;
}

/** What engines train: a tfjs model, or that of an `.onnx` file (`fineTune`), which only the onnx engine does. */
export type TrainableModel = LayersModel | OnnxModel;

export interface TrainingJob extends UpdateOptions {
  /** Its weights are where training starts. */
  readonly model: TrainableModel;
  /** The largest batch. */
  readonly batchSize: number;
  /** Of every output that `losses` doesn't name; categorical cross-entropy by default. */
  readonly loss?: LossConfig | undefined;
  /** By the outputs' names. */
  readonly losses?: Readonly<Record<string, LossConfig>> | undefined;
  /** Each output's share of the total loss, by its name; 1 by default. */
  readonly lossWeights?: Readonly<Record<string, number>> | undefined;
  /** What the loss of a sample is multiplied by, for each class; with one output of classes. */
  readonly classWeights?: readonly number[] | undefined;
  /** Weights that stay as they are, by their names `conv1/kernel`. A layer all of whose weights stay works as at inference. */
  readonly frozen?: RegExp | ((weight: string) => boolean) | undefined;
  /** Fixes what dropout and noise layers draw, together with the number of the step; 1 by default. */
  readonly seed?: number | undefined;
  /**
   * Less memory for more time, and the same result to the bit: the backward pass computes most of the forward pass again
   * instead of keeping it, and one graph is loaded at a time. Engine `onnx`.
   */
  readonly saveMemory?: boolean | undefined;
}

export interface EvaluateOptions {
  /** Whether to take the moving averages of the weights (`ema`). */
  readonly averaged?: boolean | undefined;
}

export interface PredictOptions extends EvaluateOptions {
  /** By its name; the first one by default. */
  readonly output?: string | undefined;
}

/** A model in training on one engine. Calls are answered in order; after an error only `dispose` may follow. */
export interface TrainingSession {
  /** How many steps one call of `steps` is best given: more than 1 where each call costs time of its own. */
  readonly stepsAtOnce: number;
  /** One step of the optimizer. Throws `failed` when the loss isn't finite, naming what made it so; the state is then spoilt. */
  step(batch: Batch, learningRate: number): Promise<StepResult>;
  /** `step` for each of them, in order, and what each gave. */
  steps(jobs: readonly StepJob[]): Promise<readonly StepResult[]>;
  /** Loss and outputs in inference mode (no dropout, normalizations by their moving statistics), of a batch of any size. The state stays. */
  evaluate(batch: Batch, options?: EvaluateOptions): Promise<BatchEvaluation>;
  /** One output [count, ...] in inference mode: class probabilities [count, classes]. */
  predict(inputs: Values, count: number, options?: PredictOptions): Promise<Float32Array>;
  /** A copy of the state. */
  state(): Promise<TrainingState>;
  /** Continues from a state of the same model and optimizer; optimizer arrays that it lacks start at zero. Throws `bad-input` when names or shapes differ. */
  restore(state: TrainingState): Promise<void>;
  dispose(): Promise<void>;
}

/** Something that trains: onnxruntime on a step graph, or tfjs. */
export interface Engine {
  readonly name: EngineName;
  readonly device: Device;
  /** Why this engine and device, for logs and reports. */
  readonly reason: string;
  open(job: TrainingJob): Promise<TrainingSession>;
}
