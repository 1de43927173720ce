import { type Backend, TOLERANCES } from "@resonnx/parity";
import { SOFTWARE_GPU } from "./limits.ts";
import { webSession } from "./web-session.ts";

/** onnxruntime-web's WebGPU in a real Chromium, whose adapter is SwiftShader. */
export const ortWebWebgpu: Backend = {
  name: "ort-web-webgpu",
  tolerance: TOLERANCES.webgpu,
  limit: SOFTWARE_GPU,
  open: (model) => webSession(model, "webgpu"),
};
