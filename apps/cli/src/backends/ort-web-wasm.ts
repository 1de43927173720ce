import { type Backend, TOLERANCES } from "@resonnx/parity";
import { webSession } from "./web-session.ts";

/** onnxruntime-web's wasm in a real Chromium. */
export const ortWebWasm: Backend = {
  name: "ort-web-wasm",
  tolerance: TOLERANCES.cpu,
  open: (model) => webSession(model, "wasm"),
};
