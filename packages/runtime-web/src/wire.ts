import { ResonnxError } from "@resonnx/base";
import { Tensor, type Tensors } from "@resonnx/runtime";

/**
 * Named tensors as bytes, for a model in another process: a header's length (u32, little endian), the header as JSON,
 * then the elements of each tensor one after the other, each starting at a multiple of 8.
 */
interface Entry {
  readonly name: string;
  readonly type: Tensor.Type;
  readonly dims: readonly number[];
  /** Strings travel in the header, everything else as its bytes. */
  readonly strings?: readonly string[];
  readonly bytes: number;
}

/** Writes tensors for `decodeTensors`. */
export function encodeTensors(tensors: Tensors): Uint8Array<ArrayBuffer> {
  const parts = Object.entries(tensors).map(([name, tensor]) => ({ name, tensor, raw: rawBytes(tensor) }));
  const entries = parts.map(({ name, tensor: { type, dims, data }, raw }): Entry => {
    return { name, type, dims, bytes: raw.length, ...(Array.isArray(data) && { strings: data }) };
  });
  const header = new TextEncoder().encode(JSON.stringify(entries));
  const start = align(4 + header.length);
  const bytes = new Uint8Array(parts.reduce((end, { raw }) => end + align(raw.length), start));
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let at = start;
  for (const { raw } of parts) {
    bytes.set(raw, at);
    at += align(raw.length);
  }
  return bytes;
}

/** Reads what `encodeTensors` wrote. Throws `bad-input` for anything else. */
export function decodeTensors(bytes: Uint8Array): Tensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 4 ? Number.POSITIVE_INFINITY : view.getUint32(0, true);
  if (4 + length > bytes.length) throw broken(`${bytes.length} bytes`);
  const entries: readonly Entry[] = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const tensors: Record<string, Tensor> = {};
  let at = align(4 + length);
  for (const { name, type, dims, strings, bytes: size } of entries) {
    if (at + size > bytes.length) throw broken(`${bytes.length} bytes for ${name} at ${at}+${size}`);
    tensors[name] = strings
      ? new Tensor("string", strings, dims)
      : typed(type, new Uint8Array(bytes.subarray(at, at + size)), dims);
    at += align(size);
  }
  return tensors;
}

type NumericType = Exclude<Tensor.Type, "string">;

/** How the bytes of each type are held; float16 as its bits, which every engine can. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  int4: Int8Array,
  uint4: Uint8Array,
} as const satisfies { readonly [K in NumericType]: new (buffer: ArrayBuffer) => Tensor.DataTypeMap[K] };

function typed(type: Tensor.Type, raw: Uint8Array<ArrayBuffer>, dims: readonly number[]): Tensor {
  if (type === "string" || !Object.hasOwn(ARRAYS, type)) throw broken(`type ${type}`);
  return new Tensor(type, new ARRAYS[type](raw.buffer), dims);
}

function rawBytes({ data }: Tensor): Uint8Array {
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array();
}

function align(size: number): number {
  return Math.ceil(size / 8) * 8;
}

function broken(got: string): ResonnxError {
  return new ResonnxError("bad-input", { where: "tensors", what: "not what encodeTensors writes", got });
}
