import type { Node } from "../../ir/node.ts";
import type { Value } from "../../ir/value.ts";
import { withAnyRank } from "../forms/any-rank.ts";
import { averagePoolGrad } from "../forms/average-pool.ts";
import { batchNorm, type MeanRows } from "../forms/batch-norm.ts";
import { conv, convInputGrad, convKernelGrad } from "../forms/conv.ts";
import { window2d } from "../forms/window.ts";
import { plainRules } from "../plain.ts";
import type { Rule, Rules } from "../translation.ts";
import {
  batchNormFirst,
  batchNormFirstGrad,
  isChannelsFirst,
  pictureConv,
  pictureKernelGrad,
  readsPictures,
} from "./channels-first.ts";
import { fewTapsConv, fewTapsInputGrad, fewTapsKernelGrad, suitsFewTaps } from "./few-taps.ts";
import { maxPool, maxPoolGrad } from "./max-pool.ts";
import {
  behindNorm,
  pointwiseInputGrad,
  pointwiseKernelGrad,
  pointwiseNorm,
  pointwiseNormGrad,
  wideningConv,
} from "./pointwise-norm.ts";
import { reluGrad } from "./relu.ts";
import { suitsWinograd, winogradConv, winogradInputGrad, winogradKernelGrad } from "./winograd.ts";

/** The mean over rows as a product with [1/m, ...]: onnxruntime's matrix product beats its column reduction. */
const meanByProduct: MeanRows = (b, matrix, m) => b.matmul(b.filled([1, m], 1 / m), matrix);

type AnyConv = Node<"Conv"> | Node<"ConvInputGrad"> | Node<"ConvKernelGrad">;

/** Whether few taps of a convolution of `x` read a pixel. */
const fewTaps = (node: AnyConv, x: Value, w: Value): boolean =>
  suitsFewTaps(window2d(x, node.attrs, node.name ?? node.op), w.shape[0] as number);

/** Whether Winograd's form suits a convolution of `x`, or a gradient of it; each of them carries the same attributes. */
function winograd(node: AnyConv, x: Value, w: Value): boolean {
  return suitsWinograd(window2d(x, node.attrs, node.name ?? node.op), w.shape[0] as number);
}

const pictures = (node: Node<"Conv"> | Node<"ConvKernelGrad">, x: Value): boolean =>
  readsPictures(window2d(x, node.attrs, node.name ?? node.op));

const convForm: Rule<"Conv"> = (node, t) => {
  const [x, w] = node.inputs;
  if (fewTaps(node, x!, w!)) return fewTapsConv(node, t);
  (pictures(node, x!) ? pictureConv : winograd(node, x!, w!) ? winogradConv : conv)(node, t);
};

const inputGradForm: Rule<"ConvInputGrad"> = (node, t) => {
  const [dy, w, x] = node.inputs;
  const widening = behindNorm(dy!);
  if (widening) return pointwiseInputGrad(widening)(node, t);
  if (fewTaps(node, x!, w!)) return fewTapsInputGrad(node, t);
  (winograd(node, x!, w!) ? winogradInputGrad : convInputGrad)(node, t);
};

const kernelGradForm: Rule<"ConvKernelGrad"> = (node, t) => {
  const [dy, x, w] = node.inputs;
  const widening = behindNorm(dy!);
  if (widening) return pointwiseKernelGrad(widening)(node, t);
  if (fewTaps(node, x!, w!)) return fewTapsKernelGrad(node, t);
  (pictures(node, x!) ? pictureKernelGrad : winograd(node, x!, w!) ? winogradKernelGrad : convKernelGrad)(node, t);
};

const byRows = batchNorm(meanByProduct);

const batchNormForm: Rule<"BatchNormalization"> = (node, t) => {
  const widening = node.attrs.training_mode === 1 && wideningConv(node.inputs[0]!);
  if (widening) return pointwiseNorm(widening)(node, t);
  const first = node.attrs.training_mode === 1 && isChannelsFirst(node.inputs[0]!, t);
  (first ? batchNormFirst : byRows.BatchNormalization)(node, t);
};

const batchNormGradForm: Rule<"BatchNormGrad"> = (node, t) => {
  (isChannelsFirst(node.inputs[1]!, t) ? batchNormFirstGrad : byRows.BatchNormGrad)(node, t);
  const widening = wideningConv(node.inputs[1]!);
  if (widening) pointwiseNormGrad(widening)(node, t);
};

/**
 * What onnxruntime's CPU provider runs well: pictures channels last, convolutions as matrix products, batch
 * normalization written out (its training mode runs on no other provider, and has no gradient).
 */
export const cpuRules: Rules = withAnyRank({
  ...plainRules,
  AveragePoolGrad: averagePoolGrad,
  BatchNormalization: batchNormForm,
  BatchNormGrad: batchNormGradForm,
  Conv: convForm,
  ConvInputGrad: inputGradForm,
  ConvKernelGrad: kernelGradForm,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  ReluGrad: reluGrad,
});
