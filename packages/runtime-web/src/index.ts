export { Tensor } from "@resonnx/runtime";
export type { AdapterFacts } from "./adapter.ts";
export { type LoadOptions, loadModel } from "./load-model.ts";
export type { LoadProgress, ModelSource } from "./model-bytes.ts";
export type { Picture } from "./picture.ts";
export type { Provider } from "./provider.ts";
