import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";

/** What becomes of the batch normalizations of a file: constants as at inference, or the batch's statistics and trained scales. */
export type BatchNormMode = "frozen" | "train";

/** Operators that read weights, and at which inputs. The constants of all others are settings. */
const READS: { readonly [K in OpName]?: readonly number[] } = {
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Einsum: [0, 1],
  GRU: [1, 2, 3],
  Gather: [0],
  Gemm: [1, 2],
  InstanceNormalization: [1, 2],
  LSTM: [1, 2, 3],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  PRelu: [1],
  RNN: [1, 2, 3],
};

const BATCH_NORM = { affine: [1, 2], statistics: [3, 4] } as const;

/** Operators whose output an Add gives a bias to. */
const BIASED: ReadonlySet<OpName> = new Set(["Conv", "ConvTranspose", "Einsum", "MatMul"]);

/** Operators that only move elements: a bias may come behind them. */
const MOVES: ReadonlySet<OpName> = new Set(["Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze"]);

/** A constant that training may replace. */
export interface Weight {
  /** Its initializer's name. */
  readonly name: string;
  /** Whether gradients move it; moving averages move the others. */
  readonly trainable: boolean;
}

/** The float32 constants of a graph that are weights, in order of first use; names that are missing or double are numbered. */
export function weightsOf(graph: Graph, batchNorm: BatchNormMode): Map<Value, Weight> {
  const found = new Map<Value, Weight>();
  const taken = new Set(graph.inputs.map(({ name }) => name));
  const add = (value: Value | undefined, node: Node, trainable: boolean): void => {
    if (value?.constant?.dtype !== "float32" || found.has(value)) return;
    const wanted = value.name ?? `${node.name ?? node.op}/weight`;
    let name = wanted;
    for (let n = 1; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    found.set(value, { name, trainable });
  };
  for (const node of graph.order()) {
    for (const index of READS[node.op] ?? []) if (isWeight(node, index)) add(node.inputs[index], node, true);
    for (const input of biasOf(node, found)) add(input, node, true);
    if (!node.is("BatchNormalization") || batchNorm === "frozen") continue;
    for (const index of BATCH_NORM.affine) if (isOwn(node.inputs[index]!)) add(node.inputs[index], node, true);
    for (const index of BATCH_NORM.statistics) add(node.inputs[index], node, false);
  }
  return found;
}

/** Whether training moves on the statistics of this node: nodes that share them would move them twice. */
export const hasOwnStatistics = (node: Node<"BatchNormalization">): boolean =>
  BATCH_NORM.statistics.every((index) => isOwn(node.inputs[index]!));

/** Writers keep equal vectors once: one that several nodes read is a scale of ones or a bias of zeros that nobody trained. */
const isOwn = ({ users }: Value): boolean => users.size === 1;

/** A vector that rows are looked up in is a table of sizes; embeddings have two axes. */
const isWeight = (node: Node, index: number): boolean => !node.is("Gather") || node.inputs[index]!.rank === 2;

/** The constant that an Add gives to what a weight was multiplied with. */
function biasOf(node: Node, weights: ReadonlyMap<Value, Weight>): readonly Value[] {
  if (!node.is("Add")) return [];
  return node.inputs.flatMap((input, i) => {
    const biased = weighted(node.inputs[1 - i]!);
    return input?.constant && biased?.inputs.some((each) => each && weights.has(each)) ? [input] : [];
  });
}

function weighted(value: Value): Node | undefined {
  let node = value.producer;
  while (node && MOVES.has(node.op)) node = node.inputs[0]?.producer;
  return node && BIASED.has(node.op) ? node : undefined;
}
