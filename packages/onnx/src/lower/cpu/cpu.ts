import type { Node } from "../../ir/node.ts";
import type { Value } from "../../ir/value.ts";
import { plainRules } from "../plain.ts";
import type { Rule, Rules } from "../translation.ts";
import { batchNormalization, batchNormGrad } from "./batch-norm.ts";
import { conv, convInputGrad, convKernelGrad } from "./conv.ts";
import { averagePoolGrad, maxPool, maxPoolGrad } from "./pool.ts";
import { window2d } from "./window.ts";
import { suitsWinograd, winogradConv, winogradInputGrad, winogradKernelGrad } from "./winograd.ts";

/** dy where y > 0, in whatever order y is held. */
const reluGrad: Rule<"ReluGrad"> = (node, t) => {
  const [dy, y] = node.inputs;
  const { stored, order } = t.view(y!);
  t.set(node.output, t.b.where(t.b.greater(stored, 0), t.read(dy!, order), 0), order);
};

/** Whether Winograd's form suits a convolution of `x`, or a gradient of it; each of them carries the same attributes. */
function winograd(node: Node<"Conv"> | Node<"ConvInputGrad"> | Node<"ConvKernelGrad">, x: Value, w: Value): boolean {
  return suitsWinograd(window2d(x, node.attrs, node.name ?? node.op), w.shape[0] as number);
}

const convForm: Rule<"Conv"> = (node, t) => {
  const [x, w] = node.inputs;
  (winograd(node, x!, w!) ? winogradConv : conv)(node, t);
};

const inputGradForm: Rule<"ConvInputGrad"> = (node, t) => {
  const [, w, x] = node.inputs;
  (winograd(node, x!, w!) ? winogradInputGrad : convInputGrad)(node, t);
};

const kernelGradForm: Rule<"ConvKernelGrad"> = (node, t) => {
  const [, x, w] = node.inputs;
  (winograd(node, x!, w!) ? winogradKernelGrad : convKernelGrad)(node, t);
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
  Conv: convForm,
  ConvInputGrad: inputGradForm,
  ConvKernelGrad: kernelGradForm,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  ReluGrad: reluGrad,
};
