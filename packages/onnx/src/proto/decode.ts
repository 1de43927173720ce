import { ResonnxError } from "@resonnx/base";
import type onnxProto from "onnx-proto";
import { Graph } from "../ir/graph.ts";
import type { Tensor } from "../ir/tensor.ts";
import { type DataType, type Shape, sizeOf, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { isOpName } from "../ops/index.ts";
import { readNode } from "../opset/read.ts";
import type { AttrValue } from "../opset/wire.ts";
import { attributeValue } from "./attributes.ts";
import { dtypeOfCode } from "./dtypes.ts";
import { parse } from "./parse.ts";
import { isStandIn, standInOf } from "./stand-ins.ts";
import { arrayFromBytes, arrayFromFields } from "./tensors.ts";

/** The largest number of nodes that is read: ten times the largest models in use. */
const MAX_NODES = 100_000;

const refuse = (where: string, what: string, got?: string, wanted?: string): ResonnxError =>
  new ResonnxError("bad-input", {
    where,
    what,
    ...(got !== undefined && { got }),
    ...(wanted !== undefined && { wanted }),
  });

/**
 * The graph in the bytes of an `.onnx` file; weights share the bytes' memory where alignment allows.
 * Throws `bad-input` for bytes that are no ONNX model, `unsupported` for operators that this package has no rule for (all at once).
 */
export const decode = (bytes: Uint8Array, where = "model.onnx"): Graph => graphOf(parse(bytes, where), where);

/** The graph of a parsed model. */
export function graphOf(proto: onnxProto.onnx.ModelProto, where: string): Graph {
  const source = proto.graph!; // parse has seen it
  const nodes = source.node ?? [];
  if (nodes.length > MAX_NODES) throw refuse(where, "too many nodes", `${nodes.length}`, `at most ${MAX_NODES}`);
  const foreign = new Set(
    nodes
      .filter(({ opType, domain }) => domain || !(isOpName(opType ?? "") || isStandIn(opType ?? "")))
      .map(({ opType, domain }) => (domain ? `${domain}.${opType}` : `${opType}`)),
  );
  if (foreign.size > 0)
    throw new ResonnxError("unsupported", {
      where,
      what: `has operators without a rule: ${[...foreign].sort().join(", ")}`,
    });

  const opset = Number(proto.opsetImport.find(({ domain }) => !domain)?.version ?? 0);
  if (opset === 0) throw refuse(where, "imports no opset of ONNX's own operators");

  const graph = new Graph(source.name || "graph");
  const values = new Map<string, Value>();
  for (const initializer of source.initializer ?? []) {
    const name = initializer.name ?? "";
    values.set(name, graph.constant(readTensor(initializer, `${where}: ${name}`), name));
  }
  for (const info of source.input ?? []) {
    const name = info.name ?? "";
    if (!values.has(name)) values.set(name, graph.input(name, readType(info, where)));
  }
  const read = (name: string, node: string): Value | undefined => {
    if (name === "") return undefined;
    const value = values.get(name);
    if (!value) throw refuse(`${where}: ${node}`, `reads "${name}", which nothing before it gives`);
    return value;
  };
  for (const node of nodes) {
    const label = node.name || (node.opType ?? "");
    const inputs = (node.input ?? []).map((name) => read(name, label));
    const standIn = standInOf(node.opType ?? "", opset);
    if (standIn) {
      const value = standIn({ graph, node, inputs, readTensor, where: `${where}: ${label}` });
      const output = node.output?.[0] ?? "";
      value.name ??= output;
      values.set(output, value);
      continue;
    }
    const wire = { op: node.opType ?? "", inputs, attrs: attributesOf(node, `${where}: ${label}`) };
    const canonical = readNode(wire, opset, `${where}: ${label}`);
    const appended = graph.append(canonical.op, canonical.inputs, canonical.attrs, {
      outputs: node.output?.length ?? 1,
      ...(node.name && { name: node.name }),
    });
    for (const [i, output] of (node.output ?? []).entries()) {
      const value = appended.outputs[i];
      if (!value) throw refuse(`${where}: ${label}`, `has no output ${i}`);
      value.name = output;
      values.set(output, value);
    }
  }
  for (const { name } of source.output ?? []) graph.output(name ?? "", read(name ?? "", "outputs")!);
  return graph;
}

function readDtype(code: number | null | undefined, where: string): DataType {
  const dtype = dtypeOfCode(code ?? 0);
  if (!dtype) throw new ResonnxError("unsupported", { where, what: "element type", got: `${code}` });
  return dtype;
}

function readType(info: onnxProto.onnx.IValueInfoProto, where: string): { dtype: DataType; shape: Shape } {
  const type = info.type?.tensorType;
  if (!type?.shape)
    throw new ResonnxError("unsupported", {
      where: `${where}: ${info.name}`,
      what: "an input that is no tensor of known rank",
    });
  return {
    dtype: readDtype(type.elemType, `${where}: ${info.name}`),
    shape: (type.shape.dim ?? []).map(({ dimValue, dimParam }) => dimParam || (dimValue ? Number(dimValue) : UNKNOWN)),
  };
}

function readTensor(proto: onnxProto.onnx.ITensorProto, where: string): Tensor {
  const dtype = readDtype(proto.dataType, where);
  const dims = (proto.dims ?? []).map(Number);
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0))
    throw refuse(where, "a weight has an impossible shape", `[${dims}]`);
  const data = proto.rawData?.length
    ? arrayFromBytes(dtype, proto.rawData, where)
    : arrayFromFields(dtype, proto, where);
  if (data.length !== sizeOf(dims))
    throw refuse(
      where,
      "a weight's data does not fit its shape",
      `${data.length} elements`,
      `${sizeOf(dims)} for [${dims}]`,
    );
  return { dtype, dims, data } as Tensor;
}

function attributesOf(node: onnxProto.onnx.INodeProto, where: string): Record<string, AttrValue> {
  return Object.fromEntries(
    (node.attribute ?? []).map((attribute) => {
      const value = attributeValue(attribute);
      if (value === undefined)
        throw new ResonnxError("unsupported", { where, what: `attribute "${attribute.name}" of ${node.opType}` });
      return [attribute.name ?? "", value];
    }),
  );
}
