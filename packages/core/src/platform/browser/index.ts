export { chooseEngine, type EngineChoice } from "./choose-engine.ts";
export { type CompileOptions, compile } from "./compile.ts";
export type { WasmOptions } from "./onnx/protocol.ts";
