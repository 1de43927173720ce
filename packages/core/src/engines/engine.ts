import type { OptimizerName } from "@resonnx/onnx";
import type { LayersModel } from "@tensorflow/tfjs";

/** Every engine that can train, in the order in which `auto` describes them. */
export const ENGINE_NAMES = ["onnx", "tfjs-node-gpu", "tfjs-node", "tfjs"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const DEVICES = ["cpu", "webgpu", "cuda"] as const;
export type Device = (typeof DEVICES)[number];

/** Pictures and labels of one training step; rows beyond `count` don't exist. */
export interface Batch {
  /** float32 [count, height, width, channels] */
  readonly pictures: Float32Array;
  /** float32 [count, classes]: one-hot, or smoothed. */
  readonly labels: Float32Array;
  readonly count: number;
}

export interface StepResult {
  /** Categorical cross-entropy, mean over the batch, before the update. */
  readonly loss: number;
  /** Class probabilities [count, classes] in training mode, before the update. */
  readonly predictions: Float32Array;
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

export interface TrainingJob {
  /** Needs one input of pictures and one softmax output. Its weights are where training starts. */
  readonly model: LayersModel;
  readonly optimizer: OptimizerName;
  /** The largest batch. */
  readonly batchSize: number;
}

/** A model in training on one engine. Calls are answered in order; after an error only `dispose` may follow. */
export interface TrainingSession {
  /** One step of the optimizer. Throws `failed` when the loss isn't finite; the state is then spoilt. */
  step(batch: Batch, learningRate: number): Promise<StepResult>;
  /** Class probabilities [count, classes] in inference mode. */
  predict(pictures: Float32Array, count: number): Promise<Float32Array>;
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
