export { type Exported, exportModel } from "./export-model.ts";
export type { Draw, RandomInput } from "./forward/draws.ts";
export { type Forward, type ForwardOptions, forward } from "./forward/forward.ts";
export type { Parameter } from "./forward/parameters.ts";
export { refuseRegularization } from "./forward/regularization.ts";
export { type LayerClass, layers } from "./layers/index.ts";
export {
  type CalibrationOptions,
  type ExportOptions,
  type ExportStage,
  type Layout,
  layouts,
  type OpenModel,
  type Precision,
  precisions,
  type RunTensor,
  type RunTensors,
} from "./options.ts";
export { markdownReport } from "./report/markdown.ts";
export type { ExportReport, LayerMapping } from "./report/report.ts";
export { artifactsOf, type ModelSource } from "./source/live.ts";
export type { OutputDifference } from "./verify/compare.ts";
export type { RunInput, RunInputs } from "./verify/inputs.ts";
export { type RunModel, type Verification, type VerifyOptions, verifyExport } from "./verify/verify-export.ts";
