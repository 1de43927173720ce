import { joinBytes, ResonnxError } from "@resonnx/base";
import { arrayTypes, type SavedTensor } from "./dtypes.ts";
import { METADATA_KEY } from "./header.ts";

/** The bytes of a .safetensors file. Throws as `safetensorsPieces` does. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, SavedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return joinBytes(safetensorsPieces(tensors, metadata));
}

/**
 * What a .safetensors file consists of: u64 header length and JSON header, then each tensor's data, which is not copied.
 * Tensors lie by type, the largest elements first, then by name, as the reference writer puts them, so each starts at a
 * multiple of its element size. Throws `bad-input` when data doesn't fit its shape. Format:
 * https://github.com/huggingface/safetensors
 */
export function safetensorsPieces(
  tensors: Readonly<Record<string, SavedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const order = Object.keys(arrayTypes);
  const entries = Object.entries(tensors).sort(
    ([a, { dtype: one }], [b, { dtype: other }]) => order.indexOf(one) - order.indexOf(other) || (a < b ? -1 : 1),
  );
  let end = 0;
  const fields = entries.map(([name, { dtype, shape, data }]) => {
    checkEntry(name, shape, data.length);
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const named = Object.keys(metadata).length > 0 ? [[METADATA_KEY, metadata]] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...named, ...fields])));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + headerLength).fill(0x20); // spaces up to the data
  new DataView(header.buffer).setBigUint64(0, BigInt(headerLength), true);
  header.set(json, 8);
  return [header, ...entries.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

function checkEntry(name: string, shape: readonly number[], length: number): void {
  const wanted = shape.reduce((a, b) => a * b, 1);
  if (name !== METADATA_KEY && length === wanted) return;
  const what = name === METADATA_KEY ? "a name that the format keeps for itself" : "data that doesn't fit the shape";
  const got = `${length} values for [${shape.join(", ")}]`;
  throw new ResonnxError("bad-input", { where: `tensor ${name}`, what, got, wanted: `${wanted}` });
}
