import { floats, type Tensor, type TensorOf } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { localPass, type Rewrite, skip } from "./local.ts";

/**
 * BatchNormalization(Conv(x, w, b)) -> Conv(x, w * f, (b - mean) * f + bias), f = scale / sqrt(variance + epsilon) a channel.
 */
export const batchNormIntoConv: Rewrite<"BatchNormalization"> = (node, { b, usedOnce }) => {
  const [x, ...statistics] = node.inputs;
  const conv = x?.producer;
  if (!conv?.is("Conv")) return skip("its input is no Conv");
  if (node.attrs.training_mode) return skip("training mode: the statistics are the batch's");
  if (!usedOnce(x!)) return skip("the Conv's output is read elsewhere too");
  const [scale, bias, mean, variance] = statistics.map(constantFloats);
  const kernel = constantFloats(conv.inputs[1]);
  const convBias = conv.inputs[2] ? constantFloats(conv.inputs[2]) : undefined;
  if (!scale || !bias || !mean || !variance) return skip("its parameters are not float32 constants");
  if (!kernel || (conv.inputs[2] && !convBias)) return skip("the Conv's weights are not float32 constants");

  const factors = scale.data.map((value, c) => value / Math.sqrt(variance.data[c]! + node.attrs.epsilon));
  const shifts = factors.map((factor, c) => ((convBias?.data[c] ?? 0) - mean.data[c]!) * factor + bias.data[c]!);
  const w = b.constant(scaledRows(kernel, factors), conv.inputs[1]!.name);
  const folded = b.constant(floats([shifts.length], shifts), conv.inputs[2]?.name ?? node.inputs[2]!.name);
  return b.op("Conv", [conv.inputs[0], w, folded], conv.attrs, conv.name);
};

export const foldBatchNorm = localPass("foldBatchNorm", { BatchNormalization: batchNormIntoConv });

/** The tensor with everything at index c of its first axis times factors[c]. */
function scaledRows({ dims, data }: TensorOf<"float32">, factors: Float32Array): Tensor {
  const row = data.length / dims[0]!;
  const scaled = new Float32Array(data.length);
  for (let c = 0; c < factors.length; c++) {
    const factor = factors[c]!;
    for (let i = c * row; i < (c + 1) * row; i++) scaled[i] = data[i]! * factor;
  }
  return floats(dims, scaled);
}

const constantFloats = (value: Value | undefined): TensorOf<"float32"> | undefined =>
  value?.constant?.dtype === "float32" ? value.constant : undefined;
