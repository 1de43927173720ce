/**
 * `@resonnx/core/settings`: what a run can be set to, for whoever must name it before anything trains, such as a command's
 * help. It loads no tfjs and no onnxruntime, which take most of a second.
 */
export { DEVICES, ENGINE_NAMES } from "./engines/engine.ts";
export { MODEL_NAMES } from "./models/model-names.ts";
export { defaultConfig, optimizerName } from "./platform/node/run/options.ts";
export { recipes } from "./train/recipe.ts";
