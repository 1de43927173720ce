/** The arrays that hold a tensor's values; half precision as its bits. */
export interface DataTypes {
  readonly I64: BigInt64Array;
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  readonly I32: Int32Array;
  readonly BF16: Uint16Array;
  readonly F16: Uint16Array;
  readonly I16: Int16Array;
  readonly I8: Int8Array;
  readonly U8: Uint8Array;
  readonly BOOL: Uint8Array;
}

export type Dtype = keyof DataTypes;

/** A tensor of a checkpoint: values in C order, as many as the shape says. */
export type SavedTensor = {
  readonly [K in Dtype]: { readonly dtype: K; readonly shape: readonly number[]; readonly data: DataTypes[K] };
}[Dtype];

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** In the order in which the reference writer lays tensors out: from the largest elements to the smallest. */
export const arrayTypes: { readonly [K in Dtype]: ArrayType<DataTypes[K]> } = {
  I64: BigInt64Array,
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  BF16: Uint16Array,
  F16: Uint16Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};
