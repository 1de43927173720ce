import type { DataType } from "../ir/types.ts";

/** TensorProto.DataType of onnx.proto3. */
export const dtypeCodes: { readonly [D in DataType]: number } = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

export const dtypeOfCode = (code: number): DataType | undefined =>
  (Object.keys(dtypeCodes) as DataType[]).find((dtype) => dtypeCodes[dtype] === code);
