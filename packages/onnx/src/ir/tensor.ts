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

/** Below this many elements a result is kept, above it is computed each time it is read. */
const MAX_KEPT = 1 << 14;

/** The array that was computed last, so that reading one tensor element by element computes it once. */
let latest: { readonly of: object; readonly data: unknown } | undefined;

/**
 * A tensor whose elements `make` computes. A large one is computed whenever it is read, so that weights that go through
 * several rewrites on their way into a file are in memory once, at the source.
 */
export function derivedTensor<D extends DataType>(
  dtype: D,
  dims: readonly number[],
  make: () => ArrayOf[D],
): TensorOf<D> {
  if (sizeOf(dims) <= MAX_KEPT) return tensor(dtype, dims, make());
  const derived = {
    dtype,
    dims,
    get data(): ArrayOf[D] {
      if (latest?.of !== derived) latest = { of: derived, data: make() };
      return latest.data as ArrayOf[D];
    },
  };
  return derived as unknown as TensorOf<D>; // one member of the union, which TypeScript can't follow through D
}

/** Lets go of what `derivedTensor` computed last. */
export function forgetDerived(): void {
  latest = undefined;
}

/** The axes of `input` reordered: output axis i is input axis `perm[i]`. */
export function transposeTensor<D extends DataType>(input: TensorOf<D>, perm: readonly number[]): TensorOf<D> {
  const dims = perm.map((axis) => input.dims[axis]!);
  return derivedTensor(input.dtype as D, dims, () => transposed(input, perm));
}

function transposed<D extends DataType>(input: TensorOf<D>, perm: readonly number[]): ArrayOf[D] {
  const { sizes, strides } = walkOf(input.dims, perm);
  const source = input.data as Float32Array; // any array type: elements are only moved
  const data = source.slice();
  const last = sizes.length - 1;
  const [run, step] = [sizes[last]!, strides[last]!];
  const index = new Array<number>(last).fill(0);
  for (let to = 0, from = 0; to < data.length; ) {
    for (let i = 0, at = from; i < run; i++, at += step) data[to++] = source[at]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= strides[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return data as unknown as ArrayOf[D];
}

/** How a transpose walks its source: axes of size 1 left out, output axes that are neighbours there already joined to one. */
function walkOf(dims: readonly number[], perm: readonly number[]): { sizes: number[]; strides: number[] } {
  const inputStrides = stridesOf(dims);
  const sizes = [1];
  const strides = [0];
  for (const axis of perm.filter((axis) => dims[axis] !== 1)) {
    const [size, stride] = [dims[axis]!, inputStrides[axis]!];
    if (strides.at(-1) === stride * size) {
      sizes[sizes.length - 1]! *= size;
      strides[strides.length - 1] = stride;
    } else {
      sizes.push(size);
      strides.push(stride);
    }
  }
  return { sizes, strides };
}

/** The same data under another shape of the same size. */
export function reshapeTensor<D extends DataType>(input: TensorOf<D>, dims: readonly number[]): TensorOf<D> {
  if (sizeOf(dims) !== sizeOf(input.dims)) return tensor(input.dtype as D, dims, input.data as ArrayOf[D]); // throws
  return derivedTensor(input.dtype as D, dims, () => input.data as ArrayOf[D]);
}
