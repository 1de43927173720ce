import type onnxProto from "onnx-proto";
import { type Dim, type Shape, sizeOf, UNKNOWN } from "../ir/types.ts";
import { dtypeOfCode } from "./dtypes.ts";
import { parse } from "./parse.ts";

type ValueInfo = onnxProto.onnx.IValueInfoProto;

/** A graph input or output as the file declares it; `type` is ONNX Runtime's name, or the code of one that has none here. */
export interface DescribedValue {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
}

/** What an ONNX file holds, whatever its operators are. */
export interface OnnxDescription {
  readonly name: string;
  readonly producer: string;
  readonly irVersion: number;
  /** Version of each operator set by its domain; "" is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly DescribedValue[];
  readonly outputs: readonly DescribedValue[];
  readonly nodes: number;
  /** How many nodes of each operator of the main graph, most first; other domains' as `domain.Operator`. */
  readonly ops: Readonly<Record<string, number>>;
  /** Elements of all weights. */
  readonly parameters: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Describes the bytes of an `.onnx` file, operators without a rule included. Throws `bad-input` for what isn't one. */
export function describe(bytes: Uint8Array, where = "model.onnx"): OnnxDescription {
  const { graph, irVersion, opsetImport = [], producerName, metadataProps } = parse(bytes, where);
  const { node: nodes = [], initializer: weights = [], input = [], output = [], name } = graph!; // parse has seen it
  const constants = new Set(weights?.map((weight) => weight.name)); // files of IR version 3 list them as inputs too
  return {
    name: name ?? "",
    producer: producerName ?? "",
    irVersion: Number(irVersion ?? 0),
    opsets: Object.fromEntries((opsetImport ?? []).map(({ domain, version }) => [domain ?? "", Number(version)])),
    inputs: (input ?? []).filter((value) => !constants.has(value.name)).map(describeValue),
    outputs: (output ?? []).map(describeValue),
    nodes: nodes?.length ?? 0,
    ops: countOps(nodes ?? []),
    parameters: (weights ?? []).reduce((sum, { dims }) => sum + sizeOf((dims ?? []).map(Number)), 0),
    metadata: Object.fromEntries((metadataProps ?? []).map(({ key, value }) => [key ?? "", value ?? ""])),
  };
}

function describeValue({ name, type }: ValueInfo): DescribedValue {
  const { elemType, shape } = type?.tensorType ?? {};
  const dims = (shape?.dim ?? []).map(({ dimValue, dimParam }): Dim => dimParam || Number(dimValue ?? 0) || UNKNOWN);
  return { name: name ?? "", type: dtypeOfCode(elemType ?? 0) ?? `type ${elemType ?? 0}`, shape: dims };
}

function countOps(nodes: readonly onnxProto.onnx.INodeProto[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { domain, opType } of nodes) {
    const op = domain ? `${domain}.${opType}` : (opType ?? "");
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
