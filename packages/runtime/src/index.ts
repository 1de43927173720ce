export { Tensor } from "onnxruntime-common";
export { abortable } from "./abortable.ts";
export { checkInputs } from "./check-inputs.ts";
export type { ClassifyOptions, Model, ModelInfo, Prediction, RunOptions, Tensors, ValueInfo } from "./model.ts";
export { pictureInputs, predictions } from "./picture.ts";
export { checkProviders, openFirst, type ProviderReport, type SkippedProvider } from "./providers.ts";
export { RequestQueue } from "./request-queue.ts";
export { topK } from "./top-k.ts";
