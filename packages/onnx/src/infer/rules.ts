import { ResonnxError } from "@resonnx/base";
import { numbersOf } from "../ir/tensor.ts";
import { type DataType, type Dim, printType, type Shape, sizeOf, type TensorType, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Operands } from "../ops/op.ts";

/** The error of a shape rule; Graph adds the graph's and the node's name. */
export const refuse = (what: string, got?: string, wanted?: string): ResonnxError =>
  new ResonnxError("bad-input", {
    where: "shape inference",
    what,
    ...(got !== undefined && { got }),
    ...(wanted !== undefined && { wanted }),
  });

/** Input `index`, which the operator can't do without. */
export function operand(inputs: Operands, index: number): Value {
  const value = inputs[index];
  if (!value) throw refuse(`input ${index} is missing`);
  return value;
}

export const like = (value: Value, dtype: DataType = value.type.dtype): TensorType => ({ dtype, shape: value.shape });

export function sameDtype(inputs: Operands): DataType {
  const first = operand(inputs, 0).type.dtype;
  const other = inputs.find((input) => input && input.type.dtype !== first);
  if (other) throw refuse("inputs have different element types", printType(other.type), first);
  return first;
}

/** NumPy's rule: shapes aligned at the end, 1 stretches. */
export function broadcast(shapes: readonly Shape[]): Dim[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dims = shapes.map((shape) => shape[shape.length - rank + axis] ?? 1).filter((dim) => dim !== 1);
    const known = dims.find((dim) => typeof dim === "number");
    if (known !== undefined) {
      if (dims.some((dim) => typeof dim === "number" && dim !== known)) {
        throw refuse("shapes do not broadcast", shapes.map((shape) => `[${shape.join(",")}]`).join(" and "));
      }
      return known;
    }
    const [first = 1, ...rest] = dims;
    return rest.every((dim) => dim === first) ? first : UNKNOWN;
  });
}

/** `axis` counted from the front. */
export function axisOf(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw refuse("axis out of range", `${axis}`, `-${rank} to ${rank - 1}`);
  return axis < 0 ? axis + rank : axis;
}

export const axesOf = (axes: readonly number[], rank: number): number[] => axes.map((axis) => axisOf(axis, rank));

/** The numbers of a constant integer input, or undefined when it is computed. */
export const constantInts = (value: Value | undefined): number[] | undefined =>
  value?.constant ? numbersOf(value.constant) : undefined;

/** Product of sizes; with names among them one name such as `3*batch`, which `factorsOf` takes apart. */
export function productDim(dims: Shape): Dim {
  const { size, names } = factorsOf(dims);
  if (names.length === 0 || size === 0) return size;
  if (names.includes(UNKNOWN)) return size === 1 && names.length === 1 ? names[0]! : UNKNOWN;
  return [...(size === 1 ? [] : [size]), ...names.sort()].join("*");
}

/** The sizes in a product of `dims`, multiplied, and the names in it. */
export function factorsOf(dims: Shape): { size: number; names: string[] } {
  const parts = dims.flatMap((dim) => `${dim}`.split("*"));
  const sizes = parts.filter((part) => /^[0-9]+$/.test(part));
  return { size: sizeOf(sizes.map(Number)), names: parts.filter((part) => !sizes.includes(part)) };
}

export interface Window {
  readonly kernel: readonly number[];
  readonly strides?: readonly number[] | undefined;
  /** Begins, then ends, as ONNX writes them. */
  readonly pads?: readonly number[] | undefined;
  readonly dilations?: readonly number[] | undefined;
}

/** Output sizes of a sliding window with explicit pads: floor((in + pads - dilation*(k-1) - 1) / stride) + 1. */
export function windowDims(spatial: Shape, { kernel, strides, pads, dilations }: Window): Dim[] {
  const rank = spatial.length;
  for (const [name, list, length] of [
    ["kernel", kernel, rank],
    ["strides", strides, rank],
    ["pads", pads, 2 * rank],
    ["dilations", dilations, rank],
  ] as const) {
    if (list && list.length !== length)
      throw refuse(`${name} do not fit the spatial rank`, `${list.length}`, `${length}`);
  }
  return spatial.map((dim, axis) => {
    const reach = (dilations?.[axis] ?? 1) * (kernel[axis]! - 1) + 1;
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0);
    const stride = strides?.[axis] ?? 1;
    if (typeof dim !== "number") return stride === 1 && padding === reach - 1 ? dim : UNKNOWN;
    const size = Math.floor((dim + padding - reach) / stride) + 1;
    if (size < 1)
      throw refuse("the window is larger than the padded input", `${dim} + ${padding}`, `at least ${reach}`);
    return size;
  });
}
