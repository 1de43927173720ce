import { ResonnxError } from "@resonnx/base";
import { axisOf } from "../infer/rules.ts";
import type { Graph } from "../ir/graph.ts";
import { concatTensors, gatherTensor } from "../ir/rearrange.ts";
import { floats, integers, numbersOf, scalar, type Tensor } from "../ir/tensor.ts";
import { reshapeTensor, transposeTensor } from "../ir/transpose.ts";
import { isStatic, sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Attrs, OpName } from "../ops/index.ts";

/** A value, or a number that becomes a float32 scalar. */
export type Operand = Value | number;

/**
 * Emitters that read like formulas, over one graph. Equal small constants are made once, and shape operators on
 * constants are computed at once instead of becoming nodes.
 */
export class Builder {
  readonly graph: Graph;
  private readonly shared = new Map<string, Value>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  op<K extends OpName>(op: K, inputs: readonly (Operand | undefined)[], attrs: Attrs<K>, name?: string): Value {
    return this.graph.op(
      op,
      inputs.map((input) => this.value(input)),
      attrs,
      name,
    );
  }

  /** All outputs of an operator that has `outputs` of them. */
  ops<K extends OpName>(
    op: K,
    inputs: readonly (Operand | undefined)[],
    attrs: Attrs<K>,
    outputs: number,
    name?: string,
  ): readonly Value[] {
    return this.graph.append(
      op,
      inputs.map((input) => this.value(input)),
      attrs,
      { outputs, name },
    ).outputs;
  }

  constant = (data: Tensor, name?: string): Value => this.graph.constant(data, name);
  scalar = (value: number): Value => this.once(`f${value}`, () => scalar(value));
  ints = (values: readonly number[]): Value => this.once(`i${values}`, () => integers(values));
  /** A float32 vector or array of one number, made once. */
  filled = (dims: readonly number[], value: number): Value =>
    this.once(`${value}x${dims}`, () => floats(dims, new Float32Array(filledSize(dims)).fill(value)));

  /** Makes a constant once per key: index tables and such. */
  once(key: string, make: () => Tensor): Value {
    const known = this.shared.get(key);
    if (known) return known;
    const value = this.constant(make());
    this.shared.set(key, value);
    return value;
  }

  add = (a: Operand, b: Operand): Value => this.op("Add", [a, b], {});
  sub = (a: Operand, b: Operand): Value => this.op("Sub", [a, b], {});
  mul = (a: Operand, b: Operand): Value => this.op("Mul", [a, b], {});
  div = (a: Operand, b: Operand): Value => this.op("Div", [a, b], {});
  sqrt = (x: Value): Value => this.op("Sqrt", [x], {});
  exp = (x: Value): Value => this.op("Exp", [x], {});
  neg = (x: Value): Value => this.op("Neg", [x], {});
  abs = (x: Value): Value => this.op("Abs", [x], {});
  max = (a: Operand, b: Operand): Value => this.op("Max", [a, b], {});
  min = (a: Operand, b: Operand): Value => this.op("Min", [a, b], {});
  relu = (x: Value): Value => this.op("Relu", [x], {});
  matmul = (a: Value, b: Value): Value => this.op("MatMul", [a, b], {});
  gemm = (a: Value, b: Value, attrs: Attrs<"Gemm"> = {}, c?: Value): Value =>
    this.op("Gemm", c ? [a, b, c] : [a, b], attrs);
  greater = (a: Operand, b: Operand): Value => this.op("Greater", [a, b], {});
  where = (condition: Value, a: Operand, b: Operand): Value => this.op("Where", [condition, a, b], {});
  sum = (x: Value, axes: readonly number[], keepdims: 0 | 1): Value =>
    this.op("ReduceSum", [x, this.ints(axes)], { keepdims });
  mean = (x: Value, axes: readonly number[], keepdims: 0 | 1): Value => this.op("ReduceMean", [x], { axes, keepdims });
  /** The sum of all elements, a scalar. */
  total = (x: Value): Value => (x.rank === 0 ? x : this.sum(x, [...x.shape.keys()], 0));
  pad = (x: Value, pads: readonly number[]): Value =>
    pads.every((pad) => pad === 0) ? x : this.op("Pad", [x, this.ints(pads)], {});

  gather(x: Value, indices: Value, axis: number): Value {
    const order = indices.rank === 1 && x.constant && x.type.dtype !== "string" ? indices.constant : undefined;
    // A constant is put in another order at once, never made larger.
    if (order && x.constant && order.data.length <= x.constant.dims[axisOf(axis, x.rank)]!)
      return this.constant(gatherTensor(x.constant, numbersOf(order), axisOf(axis, x.rank)), x.name);
    return this.op("Gather", [x, indices], { axis });
  }

  concat(values: readonly Value[], axis: number): Value {
    const parts = values.flatMap(({ constant }) => (constant && constant.dtype !== "string" ? [constant] : []));
    if (parts.length === values.length && parts.every(({ dtype }) => dtype === parts[0]!.dtype))
      return this.constant(concatTensors(parts, axisOf(axis, values[0]!.rank)));
    return this.op("Concat", values, { axis });
  }

  /** A reshape of a reshape reads what the first one read. */
  reshape(x: Value, dims: readonly number[]): Value {
    const first = x.producer;
    if (first?.is("Reshape") && dims.every((dim) => dim !== 0)) return this.reshape(first.inputs[0]!, dims);
    if (isStatic(x.shape) && x.rank === dims.length && x.shape.every((dim, axis) => dim === dims[axis])) return x;
    if (x.constant && dims.every((dim) => dim > 0)) return this.constant(reshapeTensor(x.constant, dims), x.name);
    return this.op("Reshape", [x, this.ints(dims)], {});
  }

  /** Axis i of the result is axis `perm[i]` of `x`; a transpose of a transpose reads what the first one read. */
  transpose(x: Value, perm: readonly number[]): Value {
    const first = x.producer;
    if (first?.is("Transpose"))
      return this.transpose(
        first.inputs[0]!,
        perm.map((axis) => first.attrs.perm[axis]!),
      );
    if (perm.every((axis, i) => axis === i)) return x;
    if (x.constant) return this.constant(transposeTensor(x.constant, perm), x.name);
    return this.op("Transpose", [x], { perm });
  }

  private value(operand: Operand | undefined): Value | undefined {
    return typeof operand === "number" ? this.scalar(operand) : operand;
  }
}

/** Larger than any model's own vectors: sizes may come from a file, and must not take the memory. */
const MAX_FILLED = 1 << 26;

function filledSize(dims: readonly number[]): number {
  const size = sizeOf(dims);
  if (size >= 0 && size <= MAX_FILLED) return size; // NaN neither
  throw new ResonnxError("unsupported", {
    where: "constant",
    what: "an array of one number of an impossible size",
    got: `[${dims}]`,
    wanted: `${MAX_FILLED} elements at most, each size known`,
  });
}
