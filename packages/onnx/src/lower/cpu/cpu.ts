import type { Node } from "../../ir/node.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import { withAnyRank } from "../forms/any-rank.ts";
import { averagePoolGrad } from "../forms/average-pool.ts";
import { batchNorm, type MeanRows } from "../forms/batch-norm.ts";
import { conv, convInputGrad, convKernelGrad } from "../forms/conv.ts";
import { window2d } from "../forms/window.ts";
import { plainRules } from "../plain.ts";
import type { Rule, Rules, Translation } from "../translation.ts";
import { batchNormFirst, batchNormFirstGrad, isChannelsFirst, kernelGradByRows, pictures } from "./channels-first.ts";
import type { ConvForm } from "./conv-form.ts";
import { fewTaps } from "./few-taps.ts";
import { maxPool, maxPoolGrad } from "./max-pool.ts";
import { coversPicture, meanPool, meanPoolGrad } from "./mean-pool.ts";
import { fallsIntoPatches, patchPool, patchPoolGrad } from "./patch-pool.ts";
import {
  behindNorm,
  pointwiseInputGrad,
  pointwiseKernelGrad,
  pointwiseNorm,
  pointwiseNormGrad,
  wideningConv,
} from "./pointwise-norm.ts";
import { reluGrad } from "./relu.ts";
import { sumByProduct } from "./sum-rows.ts";
import { winograd } from "./winograd.ts";

/** The mean over rows as a product with [1/m, ...]: onnxruntime's matrix product beats its column reduction. */
const meanByProduct: MeanRows = (b, matrix, m) => b.matmul(b.filled([1, m], 1 / m), matrix);

/** Outputs up to which a product that has them as columns takes up to twice as long as one that has them as rows. */
const NARROW = 64;

const byColumns = { Conv: conv, ConvInputGrad: convInputGrad, ConvKernelGrad: convKernelGrad };

/** The first that suits is taken. */
const convForms: readonly ConvForm[] = [
  fewTaps,
  pictures,
  winograd,
  { ...byColumns, suits: ({ c }, co) => co < NARROW || (co === NARROW && c > co), ConvKernelGrad: kernelGradByRows },
  { ...byColumns, suits: () => true },
];

/** The form for a convolution of `x`, or a gradient of it; each of them carries the same attributes. */
function convForm(node: Node<"Conv"> | Node<"ConvInputGrad"> | Node<"ConvKernelGrad">, x: Value, w: Value): ConvForm {
  const win = window2d(x, node.attrs, node.name ?? node.op);
  return convForms.find(({ suits }) => suits(win, w.shape[0] as number))!; // the last one always does
}

const convolution: Rule<"Conv"> = (node, t) => convForm(node, node.inputs[0]!, node.inputs[1]!).Conv(node, t);

const inputGrad: Rule<"ConvInputGrad"> = (node, t) => {
  const [dy, w, x] = node.inputs;
  const widening = behindNorm(dy!);
  (widening ? pointwiseInputGrad(widening) : convForm(node, x!, w!).ConvInputGrad)(node, t);
};

const kernelGrad: Rule<"ConvKernelGrad"> = (node, t) => {
  const [dy, x, w] = node.inputs;
  const widening = behindNorm(dy!);
  (widening ? pointwiseKernelGrad(widening) : convForm(node, x!, w!).ConvKernelGrad)(node, t);
};

/** Channels taken apart, pixel by pixel, take longer than onnxruntime's own pooling. */
const inPatches = (x: Value, attrs: Attrs<"MaxPool">, t: Translation): boolean =>
  fallsIntoPatches(x, attrs) && !isChannelsFirst(x, t);

const byRows = batchNorm(meanByProduct);

const normalization: Rule<"BatchNormalization"> = (node, t) => {
  const widening = node.attrs.training_mode === 1 && wideningConv(node.inputs[0]!);
  if (widening) return pointwiseNorm(widening)(node, t);
  const first = node.attrs.training_mode === 1 && isChannelsFirst(node.inputs[0]!, t);
  (first ? batchNormFirst : byRows.BatchNormalization)(node, t);
};

const normalizationGrad: Rule<"BatchNormGrad"> = (node, t) => {
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
  AveragePool: (node, t) => (coversPicture(node.inputs[0]!, node.attrs) ? meanPool : plainRules.AveragePool)(node, t),
  AveragePoolGrad: (node, t) => (coversPicture(node.inputs[1]!, node.attrs) ? meanPoolGrad : averagePoolGrad)(node, t),
  BatchNormalization: normalization,
  BatchNormGrad: normalizationGrad,
  Conv: convolution,
  ConvInputGrad: inputGrad,
  ConvKernelGrad: kernelGrad,
  GlobalAveragePool: meanPool,
  MaxPool: (node, t) => (inPatches(node.inputs[0]!, node.attrs, t) ? patchPool : maxPool)(node, t),
  MaxPoolGrad: (node, t) => (inPatches(node.inputs[1]!, node.attrs, t) ? patchPoolGrad : maxPoolGrad)(node, t),
  ReduceSum: sumByProduct,
  ReluGrad: reluGrad,
});
