import { ResonnxError } from "@resonnx/base";
import type { Dataset } from "h5wasm";
import type { NamedWeight } from "./artifacts.ts";
import type { Variable } from "./layer-variables.ts";
import type { MemoryBudget } from "./memory-budget.ts";

/** Values as tfjs holds them; tfjs knows no other dtype that Keras gives a weight. */
export interface WeightValues {
  readonly dtype: "float32" | "int32";
  readonly shape: number[];
  readonly data: Float32Array | Int32Array;
}

const BIGGEST_INT32 = 2 ** 31 - 1;

/** Reads weights one by one, within the budget. Throws `bad-input` or `unsupported`. */
export function readVariables(variables: readonly Variable[], budget: MemoryBudget, where: string): NamedWeight[] {
  return variables.map(({ name, dataset }) => ({
    name,
    ...readDataset(dataset, budget, `${where}, weight ${name}`),
  }));
}

/** Reads one weight once the budget allows its size. Throws `bad-input` or `unsupported`. */
export function readDataset(dataset: Dataset, budget: MemoryBudget, where: string): WeightValues {
  const { shape, size, littleEndian } = dataset.metadata;
  if (!shape) throw new ResonnxError("bad-input", { where, what: "the weight has no shape" });
  const bytes = shape.reduce((product, length) => product * length, size);
  budget.take(bytes, `the weight of shape [${shape.join(", ")}]`, where);
  const type = String(dataset.dtype);
  if (!littleEndian || !/^<[fdbhilBHq]$/.test(type)) throw unsupportedType(type, where);
  return { shape, ...tfjsValues(inArray(dataset.value, type), type, where) };
}

/** A scalar comes without an array. */
function inArray(value: unknown, type: string): unknown {
  if (typeof value === "bigint") return BigInt64Array.of(value);
  if (typeof value === "number") return /[fd]$/.test(type) ? Float64Array.of(value) : Int32Array.of(value);
  return value;
}

/** float64 is rounded to float32 and every integer becomes int32, as the tensorflowjs converter does. */
function tfjsValues(value: unknown, type: string, where: string): Omit<WeightValues, "shape"> {
  if (value instanceof Float32Array) return { dtype: "float32", data: value };
  if (value instanceof Int32Array) return { dtype: "int32", data: value };
  if (value instanceof Float64Array) return { dtype: "float32", data: Float32Array.from(value) };
  if (value instanceof Int8Array || value instanceof Int16Array)
    return { dtype: "int32", data: Int32Array.from(value) };
  if (value instanceof Uint8Array || value instanceof Uint16Array)
    return { dtype: "int32", data: Int32Array.from(value) };
  if (value instanceof BigInt64Array && value.every((one) => one <= BIGGEST_INT32 && one >= -BIGGEST_INT32)) {
    return { dtype: "int32", data: Int32Array.from(value, Number) };
  }
  throw unsupportedType(type, where);
}

function unsupportedType(type: string, where: string): ResonnxError {
  const wanted = "little-endian float32, float64 or integers that fit 32 bits";
  return new ResonnxError("unsupported", {
    where,
    what: "the weight has a type that tfjs doesn't have",
    got: type,
    wanted,
  });
}
