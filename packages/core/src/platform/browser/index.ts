export { chooseEngine, type EngineChoice } from "./choose-engine.ts";
export type { WasmOptions } from "./onnx/protocol.ts";
