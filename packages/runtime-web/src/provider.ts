/** `webgpu` computes on the GPU, `wasm` on the CPU: the default order. */
export const PROVIDERS = ["webgpu", "wasm"] as const;
export type Provider = (typeof PROVIDERS)[number];
