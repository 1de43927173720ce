export {
  type Batch,
  DEVICES,
  type Device,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  type StateArray,
  type StepResult,
  type TrainingJob,
  type TrainingSession,
  type TrainingState,
} from "./engine.ts";
export { type SavedStep, type SaveStepOptions, saveStep } from "./onnx/save-step.ts";
