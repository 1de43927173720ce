import { cpuRules, type Rules, webgpuRules } from "@resonnx/onnx";
import type { Device } from "../engine.ts";

/** What a device's step graphs are made of. */
export interface Lowering {
  readonly rules: Rules;
  /** Whether they take weights in pieces where they compute with those: parts of arrays in main memory. */
  readonly pieces: boolean;
}

/**
 * How step graphs are lowered for each device. CUDA takes WebGPU's forms: ordinary operators only, and sums in an order
 * that is fixed, where the CPU's ScatterElements would add in whatever order threads arrive. Its speed is not measured.
 */
export const lowerings: { readonly [D in Device]: Lowering } = {
  cpu: { rules: cpuRules, pieces: true },
  webgpu: { rules: webgpuRules, pieces: false },
  cuda: { rules: webgpuRules, pieces: false },
};
