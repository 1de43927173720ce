import type { Builder, Value } from "@resonnx/onnx";

/** A size: a number, or that of an axis of a value, read at run time where it is unknown. */
export type Size = number | { readonly of: Value; readonly axis: number };

/** The sizes of a value. */
export const sizesOf = (value: Value): Size[] => value.shape.map((_, axis) => ({ of: value, axis }));

function known(size: Size): number | undefined {
  if (typeof size === "number") return size;
  const dim = size.of.shape[size.axis];
  return typeof dim === "number" ? dim : undefined;
}

/** A shape as an int64 vector: a constant where every size is known. */
export function shapeVector(b: Builder, sizes: readonly Size[]): Value {
  const numbers = sizes.map(known);
  if (numbers.every((size) => size !== undefined)) return b.ints(numbers);
  const parts = sizes.map((size) => {
    const number = known(size);
    if (number !== undefined || typeof size === "number") return b.ints([number ?? 0]);
    return b.gather(b.op("Shape", [size.of], {}), b.ints([size.axis]), 0);
  });
  return b.concat(parts, 0);
}

/** `x` under another shape of the same size. One unknown size is left to ONNX, more are read at run time. */
export function reshapeTo(b: Builder, x: Value, sizes: readonly Size[], name?: string): Value {
  const numbers = sizes.map(known);
  const unknown = numbers.filter((size) => size === undefined).length;
  const shape = unknown > 1 ? shapeVector(b, sizes) : b.ints(numbers.map((size) => size ?? -1));
  return b.op("Reshape", [x, shape], {}, name);
}
