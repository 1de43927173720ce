import { dimsOf } from "../infer/dims-of.ts";
import { reshaped } from "../infer/reshape.ts";
import {
  axesOf,
  axisOf,
  broadcast,
  constantInts,
  like,
  operand,
  productDim,
  refuse,
  sameDtype,
} from "../infer/rules.ts";
import { type DataType, type Dim, isStatic, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { op } from "./op.ts";

/** Reshape(x, shape) */
export const Reshape = op({
  arity: [2, 2],
  infer(inputs) {
    const x = operand(inputs, 0);
    return [{ dtype: x.type.dtype, shape: reshaped(x.shape, dimsOf(operand(inputs, 1))) }];
  },
});

export const Flatten = op({
  attrs: { axis: "int" },
  arity: [1, 1],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    const axis = attrs.axis === x.rank ? x.rank : axisOf(attrs.axis, x.rank);
    return [{ dtype: x.type.dtype, shape: [productDim(x.shape.slice(0, axis)), productDim(x.shape.slice(axis))] }];
  },
});

export const Transpose = op({
  attrs: { perm: "ints" },
  arity: [1, 1],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    if (attrs.perm.length !== x.rank || new Set(axesOf(attrs.perm, x.rank)).size !== x.rank) {
      throw refuse("perm is not an order of the axes", `[${attrs.perm}]`, `rank ${x.rank}`);
    }
    return [{ dtype: x.type.dtype, shape: attrs.perm.map((axis) => x.shape[axis]!) }];
  },
});

/** Squeeze(x, axes) */
export const Squeeze = op({
  arity: [2, 2],
  infer(inputs) {
    const x = operand(inputs, 0);
    const gone = new Set(axesOf(required(inputs[1], "axes"), x.rank));
    return [{ dtype: x.type.dtype, shape: x.shape.filter((_, axis) => !gone.has(axis)) }];
  },
});

/** Unsqueeze(x, axes) */
export const Unsqueeze = op({
  arity: [2, 2],
  infer(inputs) {
    const x = operand(inputs, 0);
    const list = required(inputs[1], "axes");
    const added = new Set(axesOf(list, x.rank + list.length));
    const kept = [...x.shape];
    return [
      {
        dtype: x.type.dtype,
        shape: Array.from({ length: x.rank + list.length }, (_, axis) => (added.has(axis) ? 1 : kept.shift()!)),
      },
    ];
  },
});

/** Expand(x, shape): broadcast to a shape. */
export const Expand = op({
  arity: [2, 2],
  infer(inputs) {
    const x = operand(inputs, 0);
    return [{ dtype: x.type.dtype, shape: broadcast([x.shape, dimsOf(operand(inputs, 1))]) }];
  },
});

export const Concat = op({
  attrs: { axis: "int" },
  arity: [1, Number.MAX_SAFE_INTEGER],
  infer(inputs, attrs) {
    const shapes = inputs.map((_, i) => operand(inputs, i).shape);
    const axis = axisOf(attrs.axis, shapes[0]!.length);
    const along = shapes.map((shape) => shape[axis]!);
    const shape = shapes[0]!.map((dim, i) => (i === axis ? totalOf(along) : dim));
    const odd = shapes.find(
      (other) =>
        other.length !== shape.length ||
        other.some(
          (dim, i) => i !== axis && typeof dim === "number" && typeof shape[i] === "number" && dim !== shape[i],
        ),
    );
    if (odd) throw refuse("shapes differ outside the axis", `[${odd}]`, `[${shapes[0]}]`);
    return [{ dtype: sameDtype(inputs), shape }];
  },
});

/** Slice(x, starts, ends, axes?, steps?) */
export const Slice = op({
  arity: [3, 5],
  infer(inputs) {
    const x = operand(inputs, 0);
    const starts = required(inputs[1], "starts");
    const ends = required(inputs[2], "ends");
    const axes = axesOf(constantInts(inputs[3]) ?? starts.map((_, i) => i), x.rank);
    const steps = constantInts(inputs[4]) ?? starts.map(() => 1);
    const shape = [...x.shape];
    for (const [i, axis] of axes.entries()) {
      const dim = x.shape[axis]!;
      if (starts[i] === -1 && steps[i] === -1 && ends[i]! <= WHOLE) continue; // turned around, whatever its size
      shape[axis] = typeof dim === "number" ? sliced(dim, starts[i]!, ends[i]!, steps[i]!) : UNKNOWN;
    }
    return [{ dtype: x.type.dtype, shape }];
  },
});

/** An end before every element: no axis is that long. */
const WHOLE = -(2 ** 31);

function sliced(dim: number, start: number, end: number, step: number): number {
  const clamp = (at: number, low: number, high: number): number =>
    Math.min(Math.max(at < 0 ? at + dim : at, low), high);
  const [from, to] =
    step > 0 ? [clamp(start, 0, dim), clamp(end, 0, dim)] : [clamp(start, 0, dim - 1), clamp(end, -1, dim - 1)];
  return Math.max(0, Math.ceil((to - from) / step));
}

/** Split(x, sizes?): consecutive pieces along `axis`, one an output; without sizes they are equal. */
export const Split = op({
  attrs: { axis: "int" },
  arity: [1, 2],
  infer(inputs, attrs, outputs) {
    const x = operand(inputs, 0);
    const axis = axisOf(attrs.axis, x.rank);
    const dim = x.shape[axis]!;
    const sizes = inputs[1] ? required(inputs[1], "sizes") : equalParts(dim, outputs);
    const total = totalOf(sizes);
    if (sizes.length !== outputs) throw refuse("one size an output", `${sizes.length}`, `${outputs}`);
    if (typeof dim === "number" && typeof total === "number" && dim !== total)
      throw refuse("the pieces do not add up", `${total}`, `${dim}`);
    return sizes.map((size) => ({ dtype: x.type.dtype, shape: x.shape.with(axis, size) }));
  },
});

/** The last one is smaller where the size does not divide. */
function equalParts(dim: Dim, outputs: number): Dim[] {
  if (typeof dim !== "number") return new Array<Dim>(outputs).fill(UNKNOWN);
  const part = Math.ceil(dim / outputs);
  return Array.from({ length: outputs }, (_, i) => Math.max(0, Math.min(part, dim - i * part)));
}

/** Pad(x, pads, value?): constant padding, begins then ends. */
export const Pad = op({
  arity: [2, 3],
  infer(inputs) {
    const x = operand(inputs, 0);
    const pads = dimsOf(operand(inputs, 1));
    if (pads.length !== 2 * x.rank) throw refuse("pads do not fit the rank", `${pads.length}`, `${2 * x.rank}`);
    const shape = x.shape.map((dim, axis): Dim => {
      const [begin, end] = [pads[axis]!, pads[axis + x.rank]!];
      if (typeof begin !== "number" || typeof end !== "number") return UNKNOWN;
      return begin + end === 0 ? dim : typeof dim === "number" ? dim + begin + end : UNKNOWN;
    });
    return [{ dtype: x.type.dtype, shape }];
  },
});

/** The sizes of x, as an int64 vector. */
export const Shape = op({
  arity: [1, 1],
  infer: (inputs) => [{ dtype: "int64", shape: [operand(inputs, 0).rank] }],
});

/** Gather(x, indices): x's `axis` replaced by the shape of the indices. */
export const Gather = op({
  attrs: { axis: "int" },
  arity: [2, 2],
  infer(inputs, attrs) {
    const x = operand(inputs, 0);
    const axis = axisOf(attrs.axis, x.rank);
    return [
      {
        dtype: x.type.dtype,
        shape: [...x.shape.slice(0, axis), ...operand(inputs, 1).shape, ...x.shape.slice(axis + 1)],
      },
    ];
  },
});

/** GatherND(x, indices): the parts of x that the index tuples along the last axis of `indices` lead to, batch by batch. */
export const GatherND = op({
  attrs: { batch_dims: "int?" },
  arity: [2, 2],
  infer(inputs, { batch_dims: batches = 0 }) {
    const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
    const depth = indices.shape.at(-1);
    if (typeof depth !== "number" || depth < 1 || depth > x.rank - batches)
      throw refuse("index tuples of another length", `${depth}`, `1 to ${x.rank - batches}`);
    return [{ dtype: x.type.dtype, shape: [...indices.shape.slice(0, -1), ...x.shape.slice(batches + depth)] }];
  },
});

/** ScatterElements(x, indices, updates): updates written, or added, at the indices along `axis`. */
export const ScatterElements = op({
  attrs: { axis: "int", reduction: "string?" },
  arity: [3, 3],
  infer: (inputs) => [like(operand(inputs, 0))],
});

/** Cast to an element type, named as the IR names it. */
export const Cast = op({
  attrs: { to: "string" },
  arity: [1, 1],
  infer: (inputs, attrs) => [like(operand(inputs, 0), attrs.to as DataType)],
});

const totalOf = (dims: readonly Dim[]): Dim => (isStatic(dims) ? dims.reduce((total, dim) => total + dim, 0) : UNKNOWN);

function required(value: Value | undefined, name: string): number[] {
  const numbers = constantInts(value);
  if (!numbers) throw refuse(`${name} must be a constant`);
  return numbers;
}
