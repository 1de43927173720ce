import { forgetDerived } from "../ir/derived.ts";

/** Called with bytes done and bytes in all. */
export type Progress = (done: number, total: number) => void;

/** A weight's TensorProto without its data, and the data, made when it is written. */
export interface WeightPart {
  readonly head: Uint8Array;
  /** Bytes of data behind the head; 0 when the head says all. */
  readonly size: number;
  data(): Uint8Array;
}

/** The messages of a model file, whose weights are written straight into the result instead of through a message. */
export interface ModelParts {
  /** ModelProto without its graph. */
  readonly model: Uint8Array;
  /** GraphProto without its initializers. */
  readonly graph: Uint8Array;
  readonly weights: readonly WeightPart[];
}

/** Fields of onnx.proto3, all length-delimited. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;
const tagOf = (field: number): number => (field << 3) | 2;

const varintSize = (value: number): number => (value < 128 ? 1 : 1 + varintSize(Math.floor(value / 128)));

const fieldSize = (content: number): number => 1 + varintSize(content) + content;

export const tensorSize = ({ head, size }: Pick<WeightPart, "head" | "size">): number =>
  head.length + (size > 0 ? fieldSize(size) : 0);

const graphSize = ({ graph, weights }: ModelParts): number =>
  weights.reduce((sum, weight) => sum + fieldSize(tensorSize(weight)), graph.length);

export const modelSize = (parts: ModelParts): number => parts.model.length + fieldSize(graphSize(parts));

/** The file: each weight's data is asked for when its place is written, so that no second set of weights is alive. */
export function joinModel(parts: ModelParts, onProgress?: Progress): Uint8Array<ArrayBuffer> {
  const total = modelSize(parts);
  const bytes = new Uint8Array(total);
  let at = 0;
  const put = (content: Uint8Array): void => {
    bytes.set(content, at);
    at += content.length;
  };
  const open = (field: number, size: number): void => {
    bytes[at++] = tagOf(field);
    let rest = size;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
    bytes[at++] = rest;
  };
  put(parts.model);
  open(MODEL_GRAPH, graphSize(parts));
  put(parts.graph);
  for (const weight of parts.weights) {
    open(GRAPH_INITIALIZER, tensorSize(weight));
    put(weight.head);
    if (weight.size > 0) {
      open(TENSOR_RAW_DATA, weight.size);
      put(weight.data());
    }
    onProgress?.(at, total);
  }
  forgetDerived();
  return bytes;
}
