import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { isFilledWith } from "./fold-pad.ts";
import { localPass, type Rewriter, type Skip, skip } from "./local.ts";

/**
 * Pool(Pad(x, zeros)) -> Pool(Concat(Pad(x, zeros))), one input each: the same numbers. onnxruntime before 1.32 folds such a Pad
 * into the pool whatever it holds: zeros then don't count in a MaxPool (a wrong result), and pads as large as the window are
 * refused (the file can't be loaded). A Transpose between them is no help, as onnxruntime takes it away together with the inverse
 * one in front of the Pad. What foldPad leaves is what must not be folded; a Concat is no more than a copy, and no optimizer
 * of onnxruntime takes one away.
 */
export function keepApart(node: Node, { b, usedOnce }: Rewriter): Value | Skip {
  const x = node.inputs[0]!;
  const before = x.producer?.is("Transpose") ? x.producer.inputs[0]! : x;
  const pad = before.producer;
  if (!pad?.is("Pad")) return skip("its input is no Pad");
  if (node.outputs.length > 1) return skip("it gives indices too");
  if (!usedOnce(x) || !usedOnce(before)) return skip("the padded value is read elsewhere too");
  if (!isFilledWith(pad.inputs[2], 0)) return skip("the Pad does not fill with constant zeros");
  const copy = b.op("Concat", [x], { axis: 0 });
  if (node.is("MaxPool")) return b.op("MaxPool", [copy], node.attrs, node.name);
  return node.is("AveragePool") ? b.op("AveragePool", [copy], node.attrs, node.name) : skip("it is no pool");
}

export const keepPadApart = localPass("keepPadApart", {
  AveragePool: keepApart,
  MaxPool: keepApart,
});
