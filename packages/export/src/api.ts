export { type Exported, type ExportOptions, type ExportReport, type ExportStage, exportModel } from "./export-model.ts";
export { type Forward, type ForwardOptions, forward } from "./forward/forward.ts";
export type { Parameter } from "./forward/parameters.ts";
export { type LayerClass, layers } from "./layers/index.ts";
export { artifactsOf, type ModelSource } from "./source/live.ts";
