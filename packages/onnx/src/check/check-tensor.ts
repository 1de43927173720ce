import type onnxProto from "onnx-proto";
import { arrays, type Numeric } from "../ir/arrays.ts";
import { sizeOf } from "../ir/types.ts";
import { dtypeOfCode } from "../proto/dtypes.ts";
import type { Problem } from "../schema/problem.ts";

type TensorProto = onnxProto.onnx.ITensorProto;

/** The typed field that holds each element type, as onnx.proto3 assigns them; bfloat16 and complex types have no rule here. */
const fieldOf: Readonly<Record<string, keyof TensorProto>> = {
  float32: "floatData",
  float64: "doubleData",
  int64: "int64Data",
  uint32: "uint64Data",
  uint64: "uint64Data",
  string: "stringData",
};

const FIELDS = ["floatData", "doubleData", "int32Data", "int64Data", "uint64Data", "stringData", "rawData"] as const;

const lengthOf = (value: unknown): number => (value as ArrayLike<unknown> | null | undefined)?.length ?? 0;

/** What is wrong with a tensor's type, sizes and data. */
export function tensorProblem(tensor: TensorProto): Problem | undefined {
  const code = Number(tensor.dataType ?? 0);
  if (code === 0) return { what: "its element type is undefined" };
  const dims = (tensor.dims ?? []).map(Number);
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0))
    return { what: "an impossible shape", got: `[${dims}]` };
  if (Number(tensor.dataLocation ?? 0) === 1) return externalProblem(tensor);
  const size = sizeOf(dims);
  const filled = FIELDS.filter((field) => lengthOf(tensor[field]) > 0);
  if (filled.length > 1 || (size > 0 && filled.length === 0))
    return { what: "one field of data is needed", got: filled.join(" and ") || "none" };
  const dtype = dtypeOfCode(code);
  const [field] = filled;
  if (!dtype || !field) return undefined;
  if (field === "rawData") return rawProblem(dtype, size, lengthOf(tensor.rawData));
  const wanted = fieldOf[dtype] ?? "int32Data";
  if (field !== wanted) return { what: `data of ${dtype} lies in the wrong field`, got: field, wanted };
  return lengthOf(tensor[field]) === size
    ? undefined
    : { what: "number of elements does not fit the shape", got: `${lengthOf(tensor[field])}`, wanted: `${size}` };
}

function rawProblem(dtype: string, size: number, bytes: number): Problem | undefined {
  if (dtype === "string") return { what: "strings in raw_data" };
  const wanted = size * arrays[dtype as Numeric].BYTES_PER_ELEMENT;
  return bytes === wanted
    ? undefined
    : { what: "bytes of raw_data do not fit the shape", got: `${bytes}`, wanted: `${wanted}` };
}

const externalProblem = ({ externalData }: TensorProto): Problem | undefined =>
  (externalData ?? []).some(({ key, value }) => key === "location" && value)
    ? undefined
    : { what: "external data without a location" };
