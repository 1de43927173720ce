import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { localPass, type Rewriter, type Skip, skip } from "./local.ts";
import { isWeighted, takeIn } from "./parts/affine.ts";
import { constantFloats } from "./parts/constants.ts";

/**
 * Mul(Conv(x, w, b), c) -> Conv(x, w * c, b * c) and Add(Conv(x, w, b), c) -> Conv(x, w, b + c) for a constant number a channel;
 * transposed convolutions and Gemm alike.
 */
export function constantIntoWeights<K extends "Add" | "Mul">(node: Node<K>, { b, usedOnce }: Rewriter): Value | Skip {
  const at = node.inputs.findIndex((input) => isWeighted(input?.producer));
  const product = node.inputs[at];
  const source = product?.producer;
  if (!product || !isWeighted(source) || source.is("MatMul")) return skip("no operand has weights and a bias");
  if (!usedOnce(product)) return skip(`the ${source.op}'s output is read elsewhere too`);
  const channels = product.shape[1]!;
  const constant = constantFloats(node.inputs[1 - at]);
  if (!constant || typeof channels !== "number") return skip("the other operand is no float32 constant");
  const numbers = perChannel(constant, channels, product.rank);
  if (!numbers) return skip("the other operand is not one number a channel");
  const affine = node.is("Mul")
    ? { factors: numbers, shifts: new Float32Array(channels) }
    : { factors: new Float32Array(channels).fill(1), shifts: numbers };
  return takeIn(source, affine, b, node.inputs[1 - at]!.name);
}

/** The constant as one number a channel, axis 1 of `rank`; undefined where it varies along another axis. */
function perChannel(
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
  channels: number,
  rank: number,
): Float32Array | undefined {
  if (dims.length > rank) return undefined;
  const aligned = [...new Array<number>(rank - dims.length).fill(1), ...dims];
  if (aligned.some((dim, axis) => axis !== 1 && dim !== 1)) return undefined;
  return data.length === channels ? data : data.length === 1 ? new Float32Array(channels).fill(data[0]!) : undefined;
}

export const foldAffine = localPass("foldAffine", { Add: constantIntoWeights, Mul: constantIntoWeights });
