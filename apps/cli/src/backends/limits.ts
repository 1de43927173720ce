import type { BackendLimit } from "@resonnx/parity";

/** WebGPU is software on most machines that check parity, 100 times slower than a CPU: ResNet50 takes 6 s for 4 pictures. */
export const SOFTWARE_GPU: BackendLimit = { pictures: 8, maxBatch: 4 };
