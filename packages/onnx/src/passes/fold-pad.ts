import { constantInts } from "../infer/rules.ts";
import type { Node } from "../ir/node.ts";
import { numbersOf } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { localPass, type Rewrite, type Rewriter, type Skip, skip } from "./local.ts";

/** A Pad, and the transposed value that it pads: Transpose(Pad(x)) pads Transpose(x) as well. */
interface Padding {
  readonly pads: readonly number[];
  readonly fill: Value | undefined;
  /** The unpadded value, in its own order. */
  readonly source: Value;
  /** The unpadded value, as the window reads it. */
  unpadded(): Value;
}

/** Conv(Pad(x, zeros)) -> Conv(x) with larger pads; a Transpose in between moves in front. */
export const padIntoConv: Rewrite<"Conv"> = (node, rewriter) => {
  const padding = paddingOf(node, rewriter);
  if ("skip" in padding) return padding;
  if (!isFilledWith(padding.fill, 0)) return skip("the Pad does not fill with constant zeros");
  const pads = spatialPads(padding.pads, node.attrs.pads);
  if ("skip" in pads) return pads;
  const inputs = [padding.unpadded(), ...node.inputs.slice(1)];
  return rewriter.b.op("Conv", inputs, { ...node.attrs, pads: pads.sum }, node.name);
};

/** Operators whose results are never negative. */
const notNegative: ReadonlySet<OpName> = new Set<OpName>([
  "Abs",
  "Exp",
  "HardSigmoid",
  "Relu",
  "Sigmoid",
  "Softmax",
  "Softplus",
  "Sqrt",
]);

const isNotNegative = (value: Value): boolean => {
  const producer = value.producer;
  if (producer?.is("Transpose")) return isNotNegative(producer.inputs[0]!);
  return producer !== undefined && notNegative.has(producer.op);
};

/**
 * MaxPool's own padding never wins, which a Pad with -infinity says too; so does one with zeros around values that are never
 * negative. Zeros around other values can win, so that Pad stays.
 */
export const padIntoMaxPool: Rewrite<"MaxPool"> = (node, rewriter) => {
  if (node.outputs.length > 1) return skip("its indices count padded elements");
  const padding = paddingOf(node, rewriter);
  if ("skip" in padding) return padding;
  const harmless = isFilledWith(padding.fill, 0) && isNotNegative(padding.source);
  if (!harmless && !isFilledWith(padding.fill, Number.NEGATIVE_INFINITY))
    return skip("the Pad's fill can be a window's maximum");
  const pads = spatialPads(padding.pads, node.attrs.pads);
  if ("skip" in pads) return pads;
  if (pads.sum.some((pad, i) => pad >= node.attrs.kernel_shape[i % node.attrs.kernel_shape.length]!))
    return skip("a window could lie in padding alone");
  return rewriter.b.op("MaxPool", [padding.unpadded()], { ...node.attrs, pads: pads.sum }, node.name);
};

/** AveragePool(Pad(x, zeros)) -> AveragePool(x) with larger pads that count in the mean. */
export const padIntoAveragePool: Rewrite<"AveragePool"> = (node, rewriter) => {
  const padding = paddingOf(node, rewriter);
  if ("skip" in padding) return padding;
  if (!isFilledWith(padding.fill, 0)) return skip("the Pad does not fill with constant zeros");
  if (!node.attrs.count_include_pad && node.attrs.pads?.some((pad) => pad !== 0))
    return skip("its own padding does not count, the Pad's does");
  const pads = spatialPads(padding.pads, node.attrs.pads);
  if ("skip" in pads) return pads;
  if (pads.sum.some((pad, i) => pad >= node.attrs.kernel_shape[i % node.attrs.kernel_shape.length]!))
    return skip("a window could lie in padding alone");
  const attrs = { ...node.attrs, pads: pads.sum, count_include_pad: 1 };
  return rewriter.b.op("AveragePool", [padding.unpadded()], attrs, node.name);
};

export const foldPad = localPass("foldPad", {
  AveragePool: padIntoAveragePool,
  Conv: padIntoConv,
  MaxPool: padIntoMaxPool,
});

function paddingOf(window: Node, { b, usedOnce }: Rewriter): Padding | Skip {
  const x = window.inputs[0]!;
  const transpose = x.producer?.is("Transpose") ? x.producer : undefined;
  const padded = transpose ? transpose.inputs[0]! : x;
  const pad = padded.producer;
  if (!pad?.is("Pad")) return skip("its input is no Pad");
  if (!usedOnce(padded) || !usedOnce(x)) return skip("the padded value is read elsewhere too");
  const source = pad.inputs[0]!;
  const pads = constantInts(pad.inputs[1]);
  if (!pads) return skip("its pads are computed");
  const perm = transpose?.attrs.perm ?? source.shape.map((_, axis) => axis);
  return {
    pads: [...perm.map((axis) => pads[axis]!), ...perm.map((axis) => pads[axis + perm.length]!)],
    fill: pad.inputs[2],
    source,
    unpadded: () => b.transpose(source, perm),
  };
}

/** Whether a Pad's third input is that number; none is 0. */
export const isFilledWith = (fill: Value | undefined, wanted: number): boolean =>
  fill === undefined ? wanted === 0 : fill.constant !== undefined && numbersOf(fill.constant)[0] === wanted;

/** The pads of a window's spatial axes, those of a Pad in front added. */
function spatialPads(pads: readonly number[], own: readonly number[] | undefined): { sum: number[] } | Skip {
  const rank = pads.length / 2;
  if (pads.some((pad) => pad < 0)) return skip("the Pad crops");
  if ([0, 1, rank, rank + 1].some((i) => pads[i] !== 0)) return skip("the Pad reaches into batch or channels");
  const spatial = [...pads.slice(2, rank), ...pads.slice(rank + 2)];
  return { sum: spatial.map((pad, i) => pad + (own?.[i] ?? 0)) };
}
