export {
  type ClassifyOptions,
  type Model,
  type ModelInfo,
  type Prediction,
  type RunOptions,
  Tensor,
  type Tensors,
} from "@resonnx/runtime";
export { type Image, toPixels } from "./image.ts";
export { type LoadOptions, loadModel } from "./load-model.ts";
export type { NodeModel } from "./node-model.ts";
export { fromWire, toWire, type WireTensors } from "./protocol.ts";
export { PROVIDERS, type Provider } from "./providers.ts";
export { webgpuObstacle } from "./webgpu.ts";
