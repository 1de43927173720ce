import { cpuRules, type Rules, webgpuRules } from "@resonnx/onnx";
import type { Device } from "../engine.ts";

/**
 * How step graphs are lowered for each device. CUDA takes WebGPU's forms: ordinary operators only, and sums in an order
 * that is fixed, where the CPU's ScatterElements would add in whatever order threads arrive. Its speed is not measured.
 */
export const lowerings: { readonly [D in Device]: Rules } = { cpu: cpuRules, webgpu: webgpuRules, cuda: webgpuRules };
