import type { Builder } from "../../builder/builder.ts";
import { derivedTensor, fillFrom } from "../../ir/derived.ts";
import type { Node } from "../../ir/node.ts";
import { floats, type TensorOf } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import { type Skip, skip } from "../local.ts";
import { constantFloats } from "./constants.ts";

/** y * factor + shift, one of each for each output channel. */
export interface Affine {
  readonly factors: Float32Array;
  readonly shifts: Float32Array;
}

type Weighted = "Conv" | "ConvTranspose" | "Gemm" | "MatMul";

/** Whether an operator's output is linear in its weights, channel by channel. */
export const isWeighted = (node: Node | undefined): node is Node<Weighted> =>
  node !== undefined && (node.is("Conv") || node.is("ConvTranspose") || node.is("Gemm") || node.is("MatMul"));

/** Which channel each run of consecutive weights belongs to. */
interface Channels {
  readonly count: number;
  /** How many weights a run has. */
  readonly run: number;
  /** The channel of the run with that number. */
  of(run: number): number;
}

const byAxis = (dims: readonly number[], axis: number): Channels => {
  const count = dims[axis]!;
  return { count, run: sizeOf(dims.slice(axis + 1)), of: (run) => run % count };
};

const channelsOf: { readonly [K in Weighted]: (node: Node<K>, dims: readonly number[]) => Channels } = {
  Conv: (_node, dims) => byAxis(dims, 0),
  ConvTranspose(node, dims) {
    const { group = 1 } = node.attrs;
    const own = byAxis(dims, 1);
    const runs = sizeOf(dims.slice(0, 2)) / group; // input channels come first, group by group
    return { ...own, count: own.count * group, of: (run) => Math.floor(run / runs) * own.count + own.of(run) };
  },
  Gemm: (node, dims) => byAxis(dims, node.attrs.transB ? 0 : 1),
  MatMul: (_node, dims) => byAxis(dims, dims.length - 1),
};

/** The node with the affine map of its output taken into its weights and bias: one node instead of two. */
export function takeIn(node: Node<Weighted>, affine: Affine, b: Builder, biasName?: string): Value | Skip {
  const [x, weights, bias] = node.inputs;
  const kernel = constantFloats(weights);
  const ownBias = constantFloats(bias);
  if (!kernel || (bias && !ownBias)) return skip(`the ${node.op}'s weights are not float32 constants`);
  const { alpha = 1, beta = 1 } = node.attrs as Attrs<"Gemm">; // the others have neither
  if (alpha !== 1 || beta !== 1) return skip("the Gemm scales by itself");
  const channels = (channelsOf[node.op] as (node: Node, dims: readonly number[]) => Channels)(node, kernel.dims);
  if (channels.count !== affine.factors.length) return skip("it maps another number of channels");
  if (ownBias && (ownBias.dims.length !== 1 || ownBias.data.length !== channels.count))
    return skip("the bias is no vector of channels");
  if (node.is("MatMul") && (x!.rank !== 2 || kernel.dims.length !== 2))
    return skip("a product of more than two axes has no bias");
  const before = ownBias?.data;
  const shifts = affine.shifts.map((shift, c) => (before?.[c] ?? 0) * affine.factors[c]! + shift);
  const w = b.constant(scaled(kernel, channels, affine.factors), weights!.name);
  const inputs =
    shifts.some((shift) => shift !== 0) || bias
      ? [x, w, b.constant(floats([shifts.length], shifts), bias?.name ?? biasName)]
      : [x, w];
  return node.is("MatMul") && inputs.length === 3
    ? b.op("Gemm", inputs, {}, node.name)
    : b.op(node.op, inputs, node.attrs, node.name);
}

const scaled = (kernel: TensorOf<"float32">, channels: Channels, factors: Float32Array): TensorOf<"float32"> =>
  derivedTensor("float32", kernel.dims, (into) => {
    fillFrom(kernel, into);
    const { run } = channels;
    for (let start = 0, k = 0; start < into.length; start += run, k++) {
      const factor = factors[channels.of(k)]!;
      for (let i = start; i < start + run; i++) into[i]! *= factor;
    }
  });
