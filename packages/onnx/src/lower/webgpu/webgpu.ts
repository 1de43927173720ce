import { withAnyRank } from "../forms/any-rank.ts";
import { averagePoolGrad } from "../forms/average-pool.ts";
import { batchNorm } from "../forms/batch-norm.ts";
import { conv, convInputGrad, convKernelGrad } from "../forms/conv.ts";
import { plainRules } from "../plain.ts";
import type { Rules } from "../translation.ts";
import { convTranspose } from "./conv-transpose.ts";
import { logSoftmax } from "./log-softmax.ts";
import { reluGrad } from "./mask.ts";
import { maxPoolGrad } from "./max-pool.ts";
import { meanInTwoSteps } from "./mean-rows.ts";
import { split } from "./split.ts";

/**
 * What onnxruntime's WebGPU provider has kernels for (1.30): a node without one runs on the CPU, with copies both ways.
 * Convolutions as matrix products like on the CPU, where the native ones have known faults (onnxruntime #29651, #26734).
 */
export const webgpuRules: Rules = withAnyRank({
  ...plainRules,
  ...batchNorm(meanInTwoSteps),
  AveragePoolGrad: averagePoolGrad,
  Conv: conv,
  ConvInputGrad: convInputGrad,
  ConvKernelGrad: convKernelGrad,
  ConvTranspose: convTranspose,
  LogSoftmax: logSoftmax,
  MaxPoolGrad: maxPoolGrad,
  ReluGrad: reluGrad,
  Split: split,
});
