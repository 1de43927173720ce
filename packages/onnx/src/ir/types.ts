/** Element types, named as ONNX Runtime's tensors name them. */
export type DataType =
  | "float32"
  | "float16"
  | "float64"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string";

/** A size, the name of a symbolic size, or `UNKNOWN`. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** A size about which nothing is known: never equal to another one. */
export const UNKNOWN = "?";

export interface TensorType {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** `float32[batch,64,64,3]` */
export const printType = (type: TensorType): string => `${type.dtype}[${type.shape.join(",")}]`;

export const isStatic = (shape: Shape): shape is readonly number[] => shape.every((dim) => typeof dim === "number");

/** The number of elements; 1 for a scalar. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1);

export const sameDim = (a: Dim, b: Dim): boolean => a === b && a !== UNKNOWN;

/** Whether two shapes are known to be one. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis]!));

/** Whether two shapes can describe one value: equal sizes wherever both are numbers. */
export const compatible = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => typeof dim !== "number" || typeof b[i] !== "number" || dim === b[i]);
