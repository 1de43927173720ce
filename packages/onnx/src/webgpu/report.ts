import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { WEBGPU_KERNELS } from "./kernels.ts";

/** One node that the WebGPU provider leaves to the CPU, or can't run. */
export interface WebgpuProblem {
  readonly node: string;
  readonly op: string;
  readonly reason: string;
}

const SHADER_TYPES: ReadonlySet<string> = new Set(["float32", "float16", "int32", "uint32", "bool"]);

/** Operators whose kernels take other types too, or whose work is done on the host anyway. */
const ANY_TYPE: ReadonlySet<string> = new Set(["Cast", "DequantizeLinear", "Identity", "Shape"]);

type Limit = (node: Node) => string | undefined;

const spatialRank = (node: Node): number => node.inputs[0]!.rank - 2;

/** What a kernel that exists can't do (strings in onnxruntime 1.30's binaries, and its issues). */
const limits: Readonly<Record<string, Limit>> = {
  BatchNormalization: (node) =>
    node.is("BatchNormalization") && node.attrs.training_mode ? "training mode is not supported" : undefined,
  Conv: (node) =>
    node.is("Conv") && spatialRank(node) === 3 && (node.attrs.group ?? 1) > 1
      ? "3-D convolutions with groups are not supported"
      : undefined,
  ConvTranspose: (node) => (spatialRank(node) > 2 ? "only 1-D and 2-D are supported" : undefined),
  MaxPool: (node) => {
    if (node.outputs.length > 1) return "the Indices output is not supported";
    return spatialRank(node) === 1 ? "1-D pooling has known faults (onnxruntime #21386)" : undefined;
  },
  Resize: (node) =>
    (node.attrs as Readonly<Record<string, unknown>>).coordinate_transformation_mode === "align_corners"
      ? "align_corners is wrong when it shrinks"
      : undefined,
};

/** The nodes that keep a graph from running on WebGPU alone, in order; none means that it runs there without falling back. */
export function webgpuReport(graph: Graph): WebgpuProblem[] {
  return graph.order().flatMap((node) => {
    const reason = reasonOf(node);
    return reason ? [{ node: node.name ?? node.op, op: node.op, reason }] : [];
  });
}

function reasonOf(node: Node): string | undefined {
  if (!WEBGPU_KERNELS.has(node.op)) return "the provider has no kernel for this operator";
  const limit = limits[node.op]?.(node);
  if (limit) return limit;
  const type = node.inputs[0]?.type.dtype;
  return type === undefined || SHADER_TYPES.has(type) || ANY_TYPE.has(node.op)
    ? undefined
    : `the provider has no kernel for ${type}`;
}
