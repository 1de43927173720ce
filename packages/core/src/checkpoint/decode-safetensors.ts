import { arrayTypes, type DataTypes, type Dtype, type SavedTensor } from "./dtypes.ts";
import { type HeaderEntry, readHeader } from "./header.ts";

/** What a .safetensors file holds. */
export interface SavedTensors {
  readonly tensors: Readonly<Record<string, SavedTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The tensors of a .safetensors file; they share the file's memory where its alignment allows it. `where` names the
 * file in errors: `bad-input` on anything that isn't a whole and consistent file.
 */
export function decodeSafetensors(bytes: Uint8Array, where = "safetensors"): SavedTensors {
  const { entries, metadata, dataStart } = readHeader(bytes, where);
  const tensors = entries.map((entry) => [entry.name, tensorOf(entry, bytes.subarray(dataStart))] as const);
  return { tensors: Object.fromEntries(tensors), metadata };
}

function tensorOf({ dtype, shape, begin, end }: HeaderEntry, data: Uint8Array): SavedTensor {
  return builders[dtype](shape, data.subarray(begin, end));
}

type Builder = (shape: readonly number[], bytes: Uint8Array) => SavedTensor;

const builders: { readonly [K in Dtype]: Builder } = {
  F64: (shape, bytes) => ({ dtype: "F64", shape, data: view("F64", bytes) }),
  F32: (shape, bytes) => ({ dtype: "F32", shape, data: view("F32", bytes) }),
  F16: (shape, bytes) => ({ dtype: "F16", shape, data: view("F16", bytes) }),
  BF16: (shape, bytes) => ({ dtype: "BF16", shape, data: view("BF16", bytes) }),
  I64: (shape, bytes) => ({ dtype: "I64", shape, data: view("I64", bytes) }),
  I32: (shape, bytes) => ({ dtype: "I32", shape, data: view("I32", bytes) }),
  I16: (shape, bytes) => ({ dtype: "I16", shape, data: view("I16", bytes) }),
  I8: (shape, bytes) => ({ dtype: "I8", shape, data: view("I8", bytes) }),
  U8: (shape, bytes) => ({ dtype: "U8", shape, data: view("U8", bytes) }),
  BOOL: (shape, bytes) => ({ dtype: "BOOL", shape, data: view("BOOL", bytes) }),
};

/** Typed arrays must start at a multiple of their element size: a copy does when the file's place doesn't. */
function view<K extends Dtype>(dtype: K, bytes: Uint8Array): DataTypes[K] {
  const type = arrayTypes[dtype];
  const size = type.BYTES_PER_ELEMENT;
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new type(buffer, byteOffset, byteLength / size);
}
