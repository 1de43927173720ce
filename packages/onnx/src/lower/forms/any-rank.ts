import type { Node } from "../../ir/node.ts";
import type { Attrs, OpName } from "../../ops/index.ts";
import { copy } from "../rules.ts";
import type { Rule, Rules } from "../translation.ts";
import { convInputGradNd, convKernelGradNd, convNd } from "./conv-nd.ts";
import { averagePoolGradNd, maxPoolGradNd } from "./pool-nd.ts";

type Windowed = "Conv" | "ConvInputGrad" | "ConvKernelGrad" | "MaxPool" | "MaxPoolGrad" | "AveragePoolGrad";

/** Whether a node slides over pictures [n,c,h,w] with neither dilations nor groups: what targets have forms of their own for. */
function isPlainPicture(node: Node<Windowed>): boolean {
  const attrs: Attrs<"Conv"> = node.attrs; // a pooling has neither
  const grouped = (attrs.group ?? 1) !== 1;
  const dilated = attrs.dilations?.some((dilation) => dilation !== 1) ?? false;
  return node.inputs[0]!.rank === 4 && !grouped && !dilated;
}

const either =
  <K extends Windowed>(picture: Rule<K>, other: Rule<K>): Rule<K> =>
  (node, t) =>
    (isPlainPicture(node as unknown as Node<Windowed>) ? picture : other)(node, t);

/** A target's rules for pictures, and general forms for every other rank, dilation and grouping. */
export const withAnyRank = (rules: Rules): Rules => ({
  ...rules,
  AveragePoolGrad: either(rules.AveragePoolGrad, averagePoolGradNd),
  Conv: either(rules.Conv, convNd),
  ConvInputGrad: either(rules.ConvInputGrad, convInputGradNd),
  ConvKernelGrad: either(rules.ConvKernelGrad, convKernelGradNd),
  MaxPool: either(rules.MaxPool, copy as Rule<OpName>),
  MaxPoolGrad: either(rules.MaxPoolGrad, maxPoolGradNd),
});
