import { ResonnxError } from "@resonnx/base";
import { arrayTypes, type Dtype } from "./dtypes.ts";

export const METADATA_KEY = "__metadata__";
/** The reference reader's own limit. */
const MAX_HEADER = 100_000_000;

/** Where one tensor lies, `begin` and `end` counted from the start of the data. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of the data. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the data starts in the file. */
  readonly dataStart: number;
}

/** The header of a .safetensors file, every size in it checked against the file. Throws `bad-input`. */
export function readHeader(bytes: Uint8Array, where: string): Header {
  if (bytes.length < 8) throw bad(where, "too short for a safetensors file", `${bytes.length} bytes`, "at least 8");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > Math.min(MAX_HEADER, bytes.length - 8)) {
    throw bad(where, "a header longer than the file", `${length} bytes`, `at most ${bytes.length - 8}`);
  }
  const fields = parseObject(bytes.subarray(8, 8 + length), where);
  const metadata = metadataOf(fields.get(METADATA_KEY), where);
  fields.delete(METADATA_KEY);
  const entries = [...fields]
    .map(([name, value]) => entryOf(name, value, where))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkOffsets(entries, bytes.length - 8 - length, where);
  return { entries, metadata, dataStart: 8 + length };
}

function parseObject(bytes: Uint8Array, where: string): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(value)) return new Map(Object.entries(value));
  } catch (cause) {
    throw new ResonnxError("bad-input", {
      where,
      what: "the header is no JSON",
      hint: "is it a safetensors file?",
      cause,
    });
  }
  throw bad(where, "the header is no JSON object", "another value", "an object");
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function metadataOf(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  const texts = isObject(value) && Object.entries(value).filter((pair): pair is [string, string] => isText(pair[1]));
  if (texts && texts.length === Object.keys(value).length) return Object.fromEntries(texts);
  throw bad(where, `${METADATA_KEY} doesn't map texts to texts`, JSON.stringify(value).slice(0, 80), "texts");
}

function entryOf(name: string, value: unknown, file: string): HeaderEntry {
  const where = `${file} tensor ${name}`;
  const { dtype, shape, data_offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !isDtype(dtype)) {
    throw bad(where, "a data type that isn't known", String(dtype), Object.keys(arrayTypes).join(", "));
  }
  if (!isSizes(shape)) throw bad(where, "not a shape", JSON.stringify(shape) ?? "none", "whole numbers");
  if (!isSizes(data_offsets) || data_offsets.length !== 2) {
    throw bad(where, "not data_offsets", JSON.stringify(data_offsets) ?? "none", "[begin, end]");
  }
  const [begin, end] = [data_offsets[0]!, data_offsets[1]!];
  const bytes = shape.reduce((a, b) => a * b, arrayTypes[dtype].BYTES_PER_ELEMENT);
  if (end - begin !== bytes) throw bad(where, "data that doesn't fit the shape", `${end - begin} bytes`, `${bytes}`);
  return { name, dtype, shape, begin, end };
}

const isText = (value: unknown) => typeof value === "string";

const isDtype = (name: string): name is Dtype => Object.hasOwn(arrayTypes, name);

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

/** The tensors cover the data from end to end, none over another and no byte unused. */
function checkOffsets(entries: readonly HeaderEntry[], size: number, where: string): void {
  let expected = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== expected)
      throw bad(where, `tensor ${name} overlaps another or leaves a hole`, `${begin}`, `${expected}`);
    expected = end;
  }
  if (expected !== size) throw bad(where, "data of another size than the header says", `${size} bytes`, `${expected}`);
}

function bad(where: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, got, wanted });
}
