import type { Device } from "../engine.ts";

/**
 * How many steps one run of onnxruntime does. onnxruntime-node keeps no arrays on a CUDA device between runs: for ResNet50
 * with Adam each run carries 282 MB there and back. A Loop inside the graph carries them once for all its steps.
 */
export const stepsAtOnce: Readonly<Record<Device, number>> = { cpu: 1, webgpu: 1, cuda: 16 };
