import {
  type Graph,
  type OpName,
  type PassReport,
  sizeOf,
  type Tensor,
  type WebgpuProblem,
  webgpuReport,
} from "@resonnx/onnx";
import type { Forward } from "../forward/forward.ts";
import type { Layout } from "../options.ts";
import type { PrecisionReport } from "../targets/precision.ts";

/** One layer of the source and the nodes of the file that do its work; none where it needs none. */
export interface LayerMapping {
  readonly layer: string;
  readonly className: string;
  readonly nodes: readonly string[];
}

/** What an export made, as a JSON value. */
export interface ExportReport extends PrecisionReport {
  readonly name: string;
  readonly nodes: number;
  /** How many nodes of each operator, those that occur. */
  readonly ops: { readonly [K in OpName]?: number };
  readonly passes: readonly PassReport[];
  /** Elements of all weights of the source. */
  readonly parameters: number;
  /** Bytes: the source's weights, the file, and its external data (0 without). */
  readonly sizes: { readonly source: number; readonly file: number; readonly data: number };
  /** How pictures lie in the source and in the file. */
  readonly layouts: { readonly source: Layout; readonly file: Layout };
  readonly layers: readonly LayerMapping[];
  /** Nodes that WebGPU leaves to the CPU. */
  readonly webgpu: readonly WebgpuProblem[];
  /** Milliseconds from the source in memory to the bytes. */
  readonly ms: number;
  readonly opset: number;
}

export type SourceFacts = Pick<ExportReport, "parameters" | "name"> & {
  readonly bytes: number;
  readonly layers: readonly { readonly name: string; readonly className: string }[];
};

const byteLength = ({ dtype, data }: Tensor): number => (dtype === "string" ? 0 : data.byteLength);

/** What the report says about the source; holds on to none of its weights. */
export const factsOf = ({ graph, parameters, layers }: Forward): SourceFacts => ({
  name: graph.name,
  layers: layers.map(({ name, className }) => ({ name, className })),
  parameters: parameters.reduce((sum, { data }) => sum + sizeOf(data.dims), 0),
  bytes: parameters.reduce((sum, { data }) => sum + byteLength(data), 0),
});

/** The part of a report that the finished graph tells. */
export function graphFacts(
  graph: Graph,
  { layers }: SourceFacts,
): Pick<ExportReport, "nodes" | "ops" | "layers" | "webgpu"> {
  const order = graph.order();
  const ops: { [K in OpName]?: number } = {};
  const byLayer = new Map<string, string[]>(layers.map(({ name }) => [name, []]));
  for (const { op, name, origins } of order) {
    ops[op] = (ops[op] ?? 0) + 1;
    for (const origin of new Set([...origins, ...(name === undefined ? [] : [name])]))
      byLayer.get(origin)?.push(name ?? op);
  }
  return {
    nodes: order.length,
    ops,
    layers: layers.map(({ name, className }) => ({ layer: name, className, nodes: byLayer.get(name) ?? [] })),
    webgpu: webgpuReport(graph),
  };
}
