import { plainRules } from "../plain.ts";
import type { Rule, Rules } from "../translation.ts";
import { batchNormalization, batchNormGrad } from "./batch-norm.ts";
import { conv, convInputGrad, convKernelGrad } from "./conv.ts";
import { averagePoolGrad, maxPool, maxPoolGrad } from "./pool.ts";

/** dy where y > 0, in whatever order y is held. */
const reluGrad: Rule<"ReluGrad"> = (node, t) => {
  const [dy, y] = node.inputs;
  const { stored, order } = t.view(y!);
  t.set(node.output, t.b.where(t.b.greater(stored, 0), t.read(dy!, order), 0), order);
};

/**
 * What onnxruntime's CPU provider runs well: pictures channels last, convolutions as matrix products, batch
 * normalization written out (its training mode runs on no other provider, and has no gradient).
 */
export const cpuRules: Rules = {
  ...plainRules,
  AveragePoolGrad: averagePoolGrad,
  BatchNormGrad: batchNormGrad,
  BatchNormalization: batchNormalization,
  Conv: conv,
  ConvInputGrad: convInputGrad,
  ConvKernelGrad: convKernelGrad,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  ReluGrad: reluGrad,
};
