import { ResonnxError } from "@resonnx/base";
import type onnxProto from "onnx-proto";
import type { Graph } from "../ir/graph.ts";
import { floats, integers, scalar, type Tensor } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { before13 } from "./before-13.ts";

type NodeProto = onnxProto.onnx.INodeProto;
type Attribute = onnxProto.onnx.IAttributeProto;

interface StandInContext {
  readonly graph: Graph;
  readonly node: NodeProto;
  readonly inputs: readonly (Value | undefined)[];
  readonly where: string;
  readTensor(proto: onnxProto.onnx.ITensorProto, where: string): Tensor;
}

export type StandIn = (context: StandInContext) => Value;

/** What the attributes of Constant give; a string or a sparse tensor has no place in a graph here. */
const constants: Readonly<Record<string, (attribute: Attribute) => Tensor>> = {
  value_float: ({ f }) => scalar(f ?? 0),
  value_floats: ({ floats: values }) => floats([values?.length ?? 0], values ?? []),
  value_int: ({ i }) => integers([Number(i ?? 0)], []),
  value_ints: ({ ints }) => integers((ints ?? []).map(Number)),
};

/** Operators of files that graphs have no nodes for: the value that their first output is. */
const standIns: Readonly<Record<string, StandIn>> = {
  Constant({ graph, node, where, readTensor }) {
    const [attribute] = node.attribute ?? [];
    const read = constants[attribute?.name ?? ""];
    if (attribute?.t) return graph.constant(readTensor(attribute.t, where));
    if (attribute && read) return graph.constant(read(attribute));
    throw new ResonnxError("unsupported", { where, what: "a Constant", got: attribute?.name ?? "without a value" });
  },
  /** At inference it does nothing. */
  Dropout({ node, inputs: [x, , training], where }) {
    if (x && !training?.constant?.data[0] && (training?.constant || !training) && (node.output?.length ?? 1) === 1)
      return x;
    throw new ResonnxError("unsupported", { where, what: "a Dropout in training mode, or whose mask is read" });
  },
};

export const isStandIn = (op: string): boolean => Object.hasOwn(standIns, op);

/** What stands for an operator of a file of `opset`; undefined where it is a node of the graph too. */
export const standInOf = (op: string, opset: number): StandIn | undefined =>
  isStandIn(op) ? standIns[op] : opset < 13 && Object.hasOwn(before13, op) ? before13[op] : undefined;
