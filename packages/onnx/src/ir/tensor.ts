import { ResonnxError } from "@resonnx/base";
import { type DataType, sizeOf } from "./types.ts";

/** Which array holds which element type; bool is one byte an element, float16 its bits, as ONNX stores them. */
export interface ArrayOf {
  float32: Float32Array;
  float16: Uint16Array;
  float64: Float64Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  bool: Uint8Array;
  string: readonly string[];
}

/** Constant data, row-major. Never changed once made; `data` may be a view of a larger buffer. */
export type Tensor = {
  readonly [D in DataType]: { readonly dtype: D; readonly dims: readonly number[]; readonly data: ArrayOf[D] };
}[DataType];
export type TensorOf<D extends DataType> = Extract<Tensor, { dtype: D }>;

/** Throws `bad-input` when the number of elements isn't what `dims` says. */
export function tensor<D extends DataType>(dtype: D, dims: readonly number[], data: ArrayOf[D]): TensorOf<D> {
  if (data.length !== sizeOf(dims)) {
    throw new ResonnxError("bad-input", {
      where: "tensor",
      what: "number of elements does not fit the shape",
      got: `${data.length}`,
      wanted: `${sizeOf(dims)} for [${dims.join(",")}]`,
    });
  }
  return { dtype, dims, data } as unknown as TensorOf<D>; // one member of the union, which TypeScript can't follow through D
}

export const floats = (dims: readonly number[], data: Float32Array | readonly number[]): TensorOf<"float32"> =>
  tensor("float32", dims, data instanceof Float32Array ? data : Float32Array.from(data));

export const scalar = (value: number): TensorOf<"float32"> => floats([], [value]);

/** A vector of int64, ONNX's type for shapes, axes and indices. */
export const integers = (values: ArrayLike<number>, dims: readonly number[] = [values.length]): TensorOf<"int64"> =>
  tensor(
    "int64",
    dims,
    BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]!)),
  );

/** The elements of an integer tensor as numbers. */
export function numbersOf(value: Tensor): number[] {
  if (value.dtype === "string")
    throw new ResonnxError("internal", { where: "tensor", what: "a string tensor has no numbers" });
  return Array.from(value.data as ArrayLike<number | bigint>, Number);
}

/** Row-major strides, in elements. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= dims[axis]!;
  }
  return strides;
}
