import { ResonnxError } from "@resonnx/base";
import type onnxProto from "onnx-proto";
import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import { printType, type TensorType } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { writeNode } from "../opset/write.ts";
import { graphOf } from "../proto/decode.ts";
import { dtypeOfCode } from "../proto/dtypes.ts";
import { parse } from "../proto/parse.ts";
import { OPSETS } from "../schema/schema.ts";
import { checkStructure } from "./structure.ts";

type ModelProto = onnxProto.onnx.ModelProto;
type ValueInfo = onnxProto.onnx.IValueInfoProto;

export interface ModelCheck {
  readonly opset: number;
  readonly irVersion: number;
  readonly nodes: number;
  /** Why types and shapes could not be followed through the graph: operators that have no rule here, external data. */
  readonly unknownShapes?: string;
}

/** The newest IR version that this package knows: opset 23's. */
const NEWEST_IR = 11;

const bad = (where: string, what: string, got?: string, wanted?: string): ResonnxError =>
  new ResonnxError("bad-input", {
    where,
    what,
    ...(got !== undefined && { got }),
    ...(wanted !== undefined && { wanted }),
  });

/**
 * Checks an `.onnx` file as onnx.checker does with full_check: versions, names, single assignment, order, tensors, every node
 * against its operator's schema, and types and shapes followed from the inputs to what the file declares.
 * Throws `bad-input` at the first violation, `unsupported` for opsets outside 13 to 23.
 */
export function checkModel(bytes: Uint8Array, where = "model.onnx"): ModelCheck {
  const proto = parse(bytes, where);
  const irVersion = Number(proto.irVersion ?? 0);
  if (irVersion < 1) throw bad(where, "has no ir_version");
  const opsets = new Map((proto.opsetImport ?? []).map(({ domain, version }) => [domain ?? "", Number(version)]));
  const opset = opsets.get("");
  if (opset === undefined) throw bad(where, "imports no opset of ONNX's own operators");
  if (opset < OPSETS.least || opset > OPSETS.most || irVersion > NEWEST_IR)
    throw new ResonnxError("unsupported", {
      where,
      what: "versions outside those that are known",
      got: `opset ${opset}, IR ${irVersion}`,
      wanted: `opsets ${OPSETS.least} to ${OPSETS.most}, IR up to ${NEWEST_IR}`,
    });
  checkStructure(proto.graph!, { where, irVersion, opsets });
  const facts = { opset, irVersion, nodes: proto.graph?.node?.length ?? 0 };
  const graph = readable(proto, where);
  if (typeof graph === "string") return { ...facts, unknownShapes: graph };
  checkTypes(graph, proto, opset, where);
  return facts;
}

/** The graph, whose rules have inferred every type; or why there is none. */
function readable(proto: ModelProto, where: string): Graph | string {
  try {
    return graphOf(proto, where);
  } catch (error) {
    if (error instanceof ResonnxError && error.code === "unsupported") return error.message;
    throw error;
  }
}

function checkTypes(graph: Graph, proto: ModelProto, opset: number, where: string): void {
  const { ints } = new Builder(graph);
  const byName = new Map<string, Value>();
  for (const node of graph.nodes) {
    asBadInput(() => writeNode(node, opset, ints, where));
    for (const output of node.outputs) if (output.name !== undefined) byName.set(output.name, output);
  }
  for (const info of proto.graph?.valueInfo ?? []) compare(info, byName.get(info.name ?? ""), where);
  for (const [i, info] of (proto.graph?.output ?? []).entries()) compare(info, graph.outputs[i]?.value, where);
}

/** In a file, what an opset can't say is a fault of the file. */
function asBadInput(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof ResonnxError && error.code === "unsupported")
      throw new ResonnxError("bad-input", { ...error.facts, cause: error });
    throw error;
  }
}

/** What a file declares must not contradict what the rules infer; unknown sizes contradict nothing, symbols neither. */
function compare(info: ValueInfo, value: Value | undefined, where: string): void {
  const tensor = info.type?.tensorType;
  if (!value || !tensor) return;
  const declared = { dtype: dtypeOfCode(Number(tensor.elemType ?? 0)), shape: tensor.shape?.dim ?? undefined };
  const differs = (): ResonnxError =>
    bad(
      `${where}: ${info.name}`,
      "is declared as another type than its node gives",
      print(tensor),
      printType(value.type),
    );
  if (declared.dtype !== value.type.dtype) throw differs();
  if (!declared.shape) return;
  if (declared.shape.length !== value.rank) throw differs();
  for (const [axis, { dimValue }] of declared.shape.entries()) {
    const inferred = value.shape[axis];
    if (
      dimValue !== undefined &&
      dimValue !== null &&
      Number(dimValue) > 0 &&
      typeof inferred === "number" &&
      inferred !== Number(dimValue)
    )
      throw differs();
  }
}

const print = ({ elemType, shape }: onnxProto.onnx.TypeProto.ITensor): string => {
  const dims = (shape?.dim ?? []).map(({ dimValue, dimParam }) => dimParam || (dimValue ? Number(dimValue) : "?"));
  return printType({
    dtype: (dtypeOfCode(Number(elemType ?? 0)) ?? `type ${elemType}`) as TensorType["dtype"],
    shape: dims,
  });
};
