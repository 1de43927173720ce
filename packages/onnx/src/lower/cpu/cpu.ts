import type { Attrs } from "../../ops/index.ts";
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

type ConvOp = "Conv" | "ConvInputGrad" | "ConvKernelGrad";

/** One rule where Winograd's form suits the convolution, another elsewhere. */
const byForm =
  <K extends ConvOp>(winograd: Rule<K>, general: Rule<K>, [x, w]: readonly [number, number]): Rule<K> =>
  (node, t) => {
    const win = window2d(node.inputs[x]!, node.attrs as Attrs<ConvOp>, node.name ?? node.op);
    const rule = suitsWinograd(win, node.inputs[w]!.shape[0] as number) ? winograd : general;
    rule(node, t);
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
  Conv: byForm(winogradConv, conv, [0, 1]),
  ConvInputGrad: byForm(winogradInputGrad, convInputGrad, [2, 1]),
  ConvKernelGrad: byForm(winogradKernelGrad, convKernelGrad, [1, 2]),
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  ReluGrad: reluGrad,
};
