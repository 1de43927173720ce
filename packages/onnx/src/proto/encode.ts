import { ResonnxError } from "@resonnx/base";
import onnxProto from "onnx-proto";
import { Builder } from "../builder/builder.ts";
import { check } from "../check/check-graph.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { type Shape, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { atOpset } from "../opset/at-opset.ts";
import { type WrittenNode, writeNode } from "../opset/write.ts";
import { attributeProto } from "./attributes.ts";
import { dtypeCodes } from "./dtypes.ts";
import { type Names, nameAll } from "./names.ts";
import { joinModel, type Progress } from "./parts.ts";
import { externalWeights, inlineWeights, MAX_FILE_BYTES, type WeightParts } from "./weights.ts";

// onnx-proto is CommonJS: a named import compiles and bundles, then fails in Node.
const { onnx } = onnxProto;

export interface EncodeOptions {
  /** ONNX operator set version, 13 to 23. Default 17. */
  readonly opset?: number;
  /** Written as `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Called with bytes written and bytes in all, after each weight. */
  readonly onProgress?: Progress | undefined;
}

export interface ExternalOptions extends EncodeOptions {
  /** The name that the file gives its data: a path relative to the file. */
  readonly location: string;
  /** Weights move out of the file when it would be larger, in bytes. Default 2^31 - 1, protobuf's own limit. */
  readonly limit?: number | undefined;
}

/** An `.onnx` file, and the file of its weights where those are apart. */
export interface EncodedModel {
  readonly bytes: Uint8Array;
  readonly data?: Uint8Array;
}

export const DEFAULT_OPSET = 17;
const PRODUCER = "resonnx";

/** The IR version that came with each opset; older runtimes refuse newer ones. */
const irVersionOf = (opset: number): number =>
  opset < 15 ? 7 : opset < 19 ? 8 : opset < 21 ? 9 : opset < 23 ? 10 : 11;

/**
 * The graph as the bytes of an `.onnx` file, its operators in the forms of `opset`. Weights are copied once, into the result.
 * Throws `bad-input` when the graph isn't a valid ONNX graph (see `check`), `unsupported` when that opset can't express it
 * or the file would be larger than 2 GB.
 */
export function encode(graph: Graph, options: EncodeOptions = {}): Uint8Array<ArrayBuffer> {
  const { head, weights, progress } = prepare(graph, options);
  const parts = inlineWeights(weights);
  if (parts.fileBytes > MAX_FILE_BYTES)
    throw new ResonnxError("unsupported", {
      where: graph.name,
      what: "weights larger than one file can hold",
      got: `${parts.fileBytes} bytes`,
      wanted: `at most ${MAX_FILE_BYTES}`,
      hint: "keep them in a second file: external data",
    });
  return joinModel(head(parts), progress);
}

/** `encode` for models of any size: over `limit` bytes the weights come as a second file, which the first one names. */
export function encodeExternal(graph: Graph, options: ExternalOptions): EncodedModel {
  const { head, weights, progress } = prepare(graph, options);
  const inline = inlineWeights(weights);
  if (inline.fileBytes <= Math.min(options.limit ?? MAX_FILE_BYTES, MAX_FILE_BYTES))
    return { bytes: joinModel(head(inline), progress) };
  const { parts, data } = externalWeights(weights, options.location, progress);
  return { bytes: joinModel(head(parts)), data };
}

function prepare(source: Graph, { opset = DEFAULT_OPSET, metadata = {}, onProgress }: EncodeOptions) {
  check(source);
  const graph = atOpset(source, opset);
  const order = graph.order();
  const { ints } = new Builder(graph);
  const written = new Map(order.map((node) => [node, writeNode(node, opset, ints, graph.name)]));
  const constants = constantsOf(graph, written.values());
  const names = nameAll(graph, order, constants);
  const model = onnx.ModelProto.encode({
    irVersion: irVersionOf(opset),
    opsetImport: [{ domain: "", version: opset }],
    producerName: PRODUCER,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  }).finish();
  const body = onnx.GraphProto.encode({
    name: graph.name,
    node: [...[...written].map(([node, wire]) => nodeProto(node, wire, names)), ...outputCopies(graph, names)],
    input: graph.inputs.map((input) => valueInfo(names.of(input), input)),
    output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
  }).finish();
  return {
    head: ({ weights }: WeightParts) => ({ model, graph: body, weights }),
    weights: constants.map((value) => ({ name: names.of(value), value: value.constant! })),
    progress: onProgress,
  };
}

/** What the written nodes read, which may be more than the graph's own constants: axes that became inputs. */
function constantsOf(graph: Graph, written: Iterable<WrittenNode>): Value[] {
  const found = new Set<Value>();
  for (const { inputs } of written) for (const input of inputs) if (input?.constant) found.add(input);
  for (const { value } of graph.outputs) if (value.constant) found.add(value);
  return [...found];
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

const nodeProto = (node: Node, wire: WrittenNode, names: Names): onnxProto.onnx.INodeProto => ({
  opType: wire.op,
  name: names.ofNode(node),
  input: wire.inputs.map((input) => (input ? names.of(input) : "")),
  output: node.outputs.map((output) => names.of(output)),
  attribute: [...wire.schema.attributes.values()].flatMap(({ name, kind }) => {
    const value = wire.attrs[name];
    return value === undefined ? [] : [attributeProto(name, kind, value)];
  }),
});

const valueInfo = (name: string, { type }: Value): onnxProto.onnx.IValueInfoProto => ({
  name,
  type: { tensorType: { elemType: dtypeCodes[type.dtype], shape: { dim: dimensions(type.shape) } } },
});

const dimensions = (shape: Shape): onnxProto.onnx.TensorShapeProto.IDimension[] =>
  shape.map((dim) => (typeof dim === "number" ? { dimValue: dim } : dim === UNKNOWN ? {} : { dimParam: dim }));
