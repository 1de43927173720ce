import { ResonnxError } from "@resonnx/base";
import type onnxProto from "onnx-proto";
import { arrays, type Numeric } from "../ir/arrays.ts";
import type { ArrayOf } from "../ir/tensor.ts";
import type { DataType } from "../ir/types.ts";

/** `raw_data` as elements: a view when the bytes are aligned, else a copy. */
export function arrayFromBytes(dtype: DataType, bytes: Uint8Array, where: string): ArrayOf[DataType] {
  if (dtype === "string") throw new ResonnxError("bad-input", { where, what: "strings in raw_data" });
  const array = arrays[dtype];
  const width = array.BYTES_PER_ELEMENT;
  if (bytes.byteLength % width !== 0)
    throw new ResonnxError("bad-input", {
      where,
      what: "raw_data ends inside an element",
      got: `${bytes.byteLength} bytes`,
    });
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes); // not slice(): of a Buffer that is a view
  return new array(aligned.buffer, aligned.byteOffset, aligned.byteLength / width);
}

/** Elements from the typed fields (`float_data` and so on), as onnx.proto3 assigns them. */
export function arrayFromFields(dtype: DataType, proto: onnxProto.onnx.ITensorProto, where: string): ArrayOf[DataType] {
  if (proto.dataLocation) {
    const hint = "embedExternal brings them into the model";
    throw new ResonnxError("unsupported", { where, what: "weights in an external file", hint });
  }
  if (dtype === "string") return (proto.stringData ?? []).map((bytes) => new TextDecoder().decode(bytes));
  const fields = {
    float32: proto.floatData,
    float64: proto.doubleData,
    int64: proto.int64Data,
    uint32: proto.uint64Data,
    uint64: proto.uint64Data,
  } as Partial<Record<DataType, ArrayLike<unknown> | null>>;
  const source = fields[dtype] ?? proto.int32Data ?? [];
  const data = new arrays[dtype](source.length) as { [index: number]: number | bigint } & ArrayOf[Numeric];
  const big = dtype === "int64" || dtype === "uint64";
  for (let i = 0; i < source.length; i++) data[i] = big ? BigInt(String(source[i])) : Number(source[i]);
  return data;
}
