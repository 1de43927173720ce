import type { ArrayOf } from "./tensor.ts";
import type { DataType } from "./types.ts";

/** Element types whose elements are numbers of a fixed size. */
export type Numeric = Exclude<DataType, "string">;

/** The typed array of each. */
export const arrays: {
  readonly [D in Numeric]: {
    new (length: number): ArrayOf[D];
    new (buffer: ArrayBufferLike, offset: number, length: number): ArrayOf[D];
    readonly BYTES_PER_ELEMENT: number;
  };
} = {
  float32: Float32Array,
  float16: Uint16Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

export const bytesPerElement = (dtype: Numeric): number => arrays[dtype].BYTES_PER_ELEMENT;
