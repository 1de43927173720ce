import { type Backend, TOLERANCES } from "@resonnx/parity";
import { nodeChild } from "./node-child.ts";

/** TF32 rounds the inputs of convolutions to 10 bits of fraction: differences of 1e-3 and more. */
const WITHOUT_TF32 = { NVIDIA_TF32_OVERRIDE: "0" };

/** onnxruntime-node on CUDA, in full float32. */
export const ortNodeCuda: Backend = {
  name: "ort-node-cuda",
  tolerance: TOLERANCES.cuda,
  open: (bytes) => nodeChild(bytes, "cuda", WITHOUT_TF32, "cuda (TF32 off)"),
};
