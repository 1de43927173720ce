import onnxProto from "onnx-proto";
import { check } from "../check.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Tensor } from "../ir/tensor.ts";
import { type Shape, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { ops } from "../ops/index.ts";
import type { AttrKind } from "../ops/op.ts";
import { dtypeCodes } from "./dtypes.ts";
import { type Names, nameAll } from "./names.ts";

// onnx-proto is CommonJS: a named import compiles and bundles, then fails in Node.
const { onnx } = onnxProto;
type Attribute = onnxProto.onnx.IAttributeProto;

export interface EncodeOptions {
  /** ONNX operator set version. Default 17. */
  readonly opset?: number;
  /** Written as `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export const DEFAULT_OPSET = 17;
/** The IR version that came with opset 17; every later onnxruntime reads it. */
const IR_VERSION = 8;
const PRODUCER = "resonnx";

/**
 * The graph as the bytes of an `.onnx` file. Weights are copied once, into the result.
 * Throws `bad-input` when the graph isn't a valid ONNX graph (see `check`).
 */
export function encode(graph: Graph, { opset = DEFAULT_OPSET, metadata = {} }: EncodeOptions = {}): Uint8Array {
  check(graph);
  const order = graph.order();
  const constants = graph.constants();
  const names = nameAll(graph, order, constants);
  return onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: "", version: opset }],
    producerName: PRODUCER,
    graph: {
      name: graph.name,
      node: [...order.map((node) => nodeProto(node, names)), ...outputCopies(graph, names)],
      input: graph.inputs.map((input) => valueInfo(names.of(input), input)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
      initializer: constants.map((constant) => tensorProto(names.of(constant), constant.constant!)),
    },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  }).finish();
}

/** An output that is a graph input, a constant, or an output already under another name, is copied by an Identity. */
function outputCopies(graph: Graph, names: Names): onnxProto.onnx.INodeProto[] {
  return graph.outputs
    .filter(({ name, value }) => names.of(value) !== name)
    .map(({ name, value }) => ({
      opType: "Identity",
      name: `Identity:${name}`,
      input: [names.of(value)],
      output: [name],
    }));
}

function nodeProto(node: Node, names: Names): onnxProto.onnx.INodeProto {
  const inputs = node.inputs.map((input) => (input ? names.of(input) : ""));
  while (inputs.at(-1) === "") inputs.pop();
  return {
    opType: node.op,
    name: names.ofNode(node),
    input: inputs,
    output: node.outputs.map((output) => names.of(output)),
    attribute: Object.entries(ops[node.op].attrs as Record<string, string>).flatMap(([name, kind]) => {
      const value = (node.attrs as Record<string, unknown>)[name];
      return value === undefined ? [] : [attributeProto(node, name, kind.replace("?", "") as AttrKind, value)];
    }),
  };
}

const { AttributeType } = onnx.AttributeProto;
const writers: { readonly [K in AttrKind]: (value: never) => Attribute } = {
  int: (i: number) => ({ type: AttributeType.INT, i }),
  float: (f: number) => ({ type: AttributeType.FLOAT, f }),
  string: (s: string) => ({ type: AttributeType.STRING, s: new TextEncoder().encode(s) }),
  ints: (ints: readonly number[]) => ({ type: AttributeType.INTS, ints: [...ints] }),
  floats: (values: readonly number[]) => ({ type: AttributeType.FLOATS, floats: [...values] }),
};

function attributeProto(node: Node, name: string, kind: AttrKind, value: unknown): Attribute {
  if (node.is("Cast") && name === "to") return { name, type: AttributeType.INT, i: dtypeCodes[node.output.type.dtype] };
  return { name, ...writers[kind](value as never) };
}

const valueInfo = (name: string, { type }: Value): onnxProto.onnx.IValueInfoProto => ({
  name,
  type: { tensorType: { elemType: dtypeCodes[type.dtype], shape: { dim: dimensions(type.shape) } } },
});

const dimensions = (shape: Shape): onnxProto.onnx.TensorShapeProto.IDimension[] =>
  shape.map((dim) => (typeof dim === "number" ? { dimValue: dim } : dim === UNKNOWN ? {} : { dimParam: dim }));

function tensorProto(name: string, value: Tensor): onnxProto.onnx.ITensorProto {
  const facts = { name, dataType: dtypeCodes[value.dtype], dims: [...value.dims] };
  if (value.dtype === "string")
    return { ...facts, stringData: value.data.map((text) => new TextEncoder().encode(text)) };
  const { buffer, byteOffset, byteLength } = value.data;
  return { ...facts, rawData: new Uint8Array(buffer, byteOffset, byteLength) };
}
