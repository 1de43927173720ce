import type { Node } from "../ir/node.ts";
import { reshapeTensor, transposeTensor } from "../ir/transpose.ts";
import { isStatic, sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Attrs } from "../ops/index.ts";
import { localPass, type Rewriter, type Skip, skip } from "./local.ts";

/**
 * MatMul(Flatten(Transpose(x)), w) -> MatMul(Flatten(x), w with its rows in x's order): the dense layer behind a picture
 * costs no transpose. Gemm likewise.
 */
export function transposeIntoRows<K extends "MatMul" | "Gemm">(node: Node<K>, { b, usedOnce }: Rewriter): Value | Skip {
  const [flat, weights, ...rest] = node.inputs;
  const flatten = flat?.producer;
  const turned = flatten?.is("Flatten") && flatten.attrs.axis === 1 ? flatten.inputs[0]! : undefined;
  const transpose = turned?.producer;
  if (!flatten || !transpose?.is("Transpose")) return skip("its input is no flattened Transpose");
  const { transA, transB } = node.attrs as Attrs<"Gemm">; // MatMul has neither
  if (transA || transB) return skip("it transposes itself");
  if (!usedOnce(flat!) || !usedOnce(turned!)) return skip("the flattened value is read elsewhere too");
  const { perm } = transpose.attrs;
  const features = turned!.shape.slice(1);
  if (perm[0] !== 0 || !isStatic(features)) return skip("the Transpose moves the batch, or sizes are unknown");
  const w = weights?.constant;
  if (w?.dims.length !== 2 || w.dims[0] !== sizeOf(features)) return skip("its weights are no constant matrix");

  const columns = w.dims[1]!;
  const inTurnedOrder = reshapeTensor(w, [...features, columns]);
  const axes = features.map((_, axis) => perm.indexOf(axis + 1) - 1);
  const inOwnOrder = transposeTensor(inTurnedOrder, [...axes, features.length]);
  const rows = b.constant(reshapeTensor(inOwnOrder, w.dims), weights!.name);
  const flattened = b.op("Flatten", [transpose.inputs[0]], { axis: 1 }, flatten.name);
  return b.op(node.op, [flattened, rows, ...rest], node.attrs, node.name);
}

export const foldTranspose = localPass("foldTranspose", { Gemm: transposeIntoRows, MatMul: transposeIntoRows });
