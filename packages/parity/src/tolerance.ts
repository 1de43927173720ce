/**
 * The largest difference that still counts as the same answer. It holds for values up to 1, probabilities above all;
 * an output with larger values may differ by `maxAbs` times its largest magnitude. Integers, booleans and strings must
 * be equal whatever the tolerance.
 */
export interface Tolerance {
  readonly maxAbs: number;
  readonly reason: string;
}

/** Per class of backend. */
export const TOLERANCES = {
  cpu: {
    maxAbs: 1e-5,
    reason: "float32 on both sides; only the order of the additions differs (measured on ResNet50: below 1e-6)",
  },
  cuda: {
    maxAbs: 1e-4,
    reason: "float32 with TF32 off; cuDNN picks other convolution algorithms, Winograd among them",
  },
  webgpu: {
    maxAbs: 1e-3,
    reason: "WGSL lets drivers fuse, reorder and approximate exp and division; onnxruntime's own tests allow 1e-3 here",
  },
} as const satisfies Record<string, Tolerance>;
