export { gradients } from "./autodiff/gradients.ts";
export { Builder, type Operand } from "./builder/builder.ts";
export { check } from "./check/check-graph.ts";
export { checkModel, type ModelCheck } from "./check/check-model.ts";
export { copyGraph } from "./ir/copy.ts";
export * from "./ir/graph.ts";
export * from "./ir/node.ts";
export * from "./ir/tensor.ts";
export * from "./ir/transpose.ts";
export * from "./ir/types.ts";
export * from "./ir/value.ts";
export { type LossConfig, type LossName, type LossOptions, losses, lossOf } from "./losses/index.ts";
export type { Loss } from "./losses/loss.ts";
export { cpuRules } from "./lower/cpu/cpu.ts";
export { layout } from "./lower/layout.ts";
export { type Rules, translate } from "./lower/translation.ts";
export { webgpuRules } from "./lower/webgpu/webgpu.ts";
export { type Attrs, isOpName, type OpName, ops } from "./ops/index.ts";
export { atOpset, checkOpset } from "./opset/at-opset.ts";
export type { Arithmetic, Ranked } from "./optimizers/arithmetic.ts";
export {
  type OptimizerConfig,
  type OptimizerName,
  type OptimizerOptions,
  optimizerOf,
  optimizers,
} from "./optimizers/index.ts";
export type { Optimizer } from "./optimizers/optimizer.ts";
export { finalPasses, inferencePasses, optimize, type Pass, type PassReport } from "./passes/index.ts";
export { Calibration, type CalibrationMethod, calibrationGraph } from "./precision/calibrate.ts";
export { type Float16Options, type Float16Report, toFloat16 } from "./precision/float16.ts";
export type { Range } from "./precision/quantize.ts";
export { quantizableValues, quantizeStatically } from "./precision/static-int8.ts";
export { quantizeGraphWeights } from "./precision/weights.ts";
export { print } from "./print.ts";
export { decode } from "./proto/decode.ts";
export { type DescribedValue, describe, type OnnxDescription } from "./proto/describe.ts";
export {
  DEFAULT_OPSET,
  type EncodedModel,
  type EncodeOptions,
  type ExternalOptions,
  encode,
  encodeExternal,
} from "./proto/encode.ts";
export { embedExternal, externalFiles } from "./proto/external.ts";
export { type LoopOptions, looped } from "./proto/loop.ts";
export { withSequenceOutput } from "./proto/sequence-output.ts";
export { OPSETS } from "./schema/schema.ts";
export { buildEvaluation } from "./step/evaluation.ts";
export { buildGradients, buildStart, buildUpdate, gradientName, type RenewedWeight, UPDATE } from "./step/halves.ts";
export { labelsName, nextName, predictionsName, SLOTS, STEP, slotName } from "./step/names.ts";
export type { TrainedOutput } from "./step/objective.ts";
export { buildProbe, type ProbedValue } from "./step/probe.ts";
export {
  buildStep,
  type StateSlot,
  type StepOptions,
  type TrainableGraph,
  type TrainableParameter,
} from "./step/step.ts";
export {
  PHASES,
  type Phase,
  type PhaseName,
  type Trained,
  type UpdateOptions,
  type UpdateRule,
  updateRule,
} from "./step/update-rule.ts";
export type { HeadOptions } from "./tune/head.ts";
export { type OnnxForward, type OnnxForwardOptions, OnnxModel, type OnnxModelOptions } from "./tune/onnx-model.ts";
export type { BatchNormMode } from "./tune/weights.ts";
export { type WebgpuProblem, webgpuReport } from "./webgpu/report.ts";
