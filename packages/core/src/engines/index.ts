export { averagedState } from "./averaged.ts";
export {
  type Batch,
  type BatchEvaluation,
  DEVICES,
  type Device,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  type EvaluateOptions,
  type PredictOptions,
  type StateArray,
  type StepJob,
  type StepResult,
  type TrainableModel,
  type TrainingJob,
  type TrainingSession,
  type TrainingState,
  type Values,
} from "./engine.ts";
export { type FineTuneOptions, fineTune } from "./onnx/fine-tune.ts";
export { type SavedStep, type SaveStepOptions, saveStep } from "./onnx/save-step.ts";
