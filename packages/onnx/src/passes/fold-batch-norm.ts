import { localPass, type Rewrite, skip } from "./local.ts";
import { isWeighted, takeIn } from "./parts/affine.ts";
import { constantFloats } from "./parts/constants.ts";

/**
 * BatchNormalization(Conv(x, w, b)) -> Conv(x, w * f, (b - mean) * f + bias), f = scale / sqrt(variance + epsilon) a channel;
 * convolutions of any rank and grouping, transposed ones, and dense layers (Gemm, MatMul) alike.
 */
export const batchNormIntoWeights: Rewrite<"BatchNormalization"> = (node, { b, usedOnce }) => {
  const [x, ...statistics] = node.inputs;
  const source = x?.producer;
  if (!isWeighted(source)) return skip("its input has no weights");
  if (node.attrs.training_mode) return skip("training mode: the statistics are the batch's");
  if (!usedOnce(x!)) return skip(`the ${source.op}'s output is read elsewhere too`);
  const [scale, bias, mean, variance] = statistics.map(constantFloats);
  if (!scale || !bias || !mean || !variance) return skip("its parameters are not float32 constants");
  const spread = variance.data;
  const factors = scale.data.map((value, c) => value / Math.sqrt(spread[c]! + node.attrs.epsilon));
  const shifts = mean.data.map((value, c) => bias.data[c]! - value * factors[c]!);
  return takeIn(source, { factors, shifts }, b, node.inputs[2]!.name);
};

export const foldBatchNorm = localPass("foldBatchNorm", { BatchNormalization: batchNormIntoWeights });
