/** Every backend, in the order in which reports list them. */
export const BACKEND_NAMES = [
  "tfjs",
  "ort-node-cpu",
  "ort-node-cuda",
  "ort-node-webgpu",
  "ort-web-wasm",
  "ort-web-webgpu",
] as const;

export type BackendName = (typeof BACKEND_NAMES)[number];
