import { ResonnxError } from "@resonnx/base";
import { sizeOf, type Tensor, tensor } from "@resonnx/onnx";
import type { io } from "@tensorflow/tfjs";
import { quantizations } from "./dequantize.ts";
import { ShardReader } from "./shards.ts";

export interface NamedTensor {
  readonly name: string;
  readonly data: Tensor;
}

interface Storage {
  /** Of one stored element. */
  readonly bytes: number;
  of(dims: readonly number[], raw: Uint8Array): Tensor;
}

/** How the manifest's element types lie in the data. */
const storage: { readonly [dtype: string]: Storage } = {
  float32: {
    bytes: 4,
    of: (dims, raw) => tensor("float32", dims, new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4)),
  },
  int32: {
    bytes: 4,
    of: (dims, raw) => tensor("int32", dims, new Int32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4)),
  },
  bool: { bytes: 1, of: (dims, raw) => tensor("bool", dims, raw) },
};

/** The model's weights in the manifest's order, as views of the data where alignment allows; optimizer state is left out. */
export function readWeights(artifacts: io.ModelArtifacts, where: string): NamedTensor[] {
  const shards = new ShardReader(artifacts.weightData, where);
  const weights = (artifacts.weightSpecs ?? []).map((spec) => {
    const here = `${where}: weight "${spec.name}"`;
    const kind = storageOf(spec, here);
    const dims = [...spec.shape];
    const length = sizeOf(dims) * kind.bytes;
    if (!dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0) || !Number.isSafeInteger(length))
      throw new ResonnxError("bad-input", { where: here, what: "an impossible shape", got: `[${dims}]` });
    const raw = shards.take(length, kind.bytes, here);
    return spec.group === "optimizer" ? [] : [{ name: spec.name.replace(/:0$/, ""), data: kind.of(dims, raw) }];
  });
  shards.end();
  return weights.flat();
}

function storageOf({ dtype, quantization }: io.WeightsManifestEntry, where: string): Storage {
  if (!quantization) {
    if (Object.hasOwn(storage, dtype)) return storage[dtype]!;
    throw unreadable(dtype, Object.keys(storage), where);
  }
  const stored = Object.hasOwn(quantizations, quantization.dtype) ? quantizations[quantization.dtype] : undefined;
  const decode = stored && Object.hasOwn(stored.decode, dtype) ? stored.decode[dtype] : undefined;
  if (!stored || !decode)
    throw unreadable(`${dtype} quantized to ${quantization.dtype}`, Object.keys(quantizations), where);
  const of = (dims: readonly number[], raw: Uint8Array) => {
    const values = decode(raw, quantization, where);
    return values instanceof Int32Array ? tensor("int32", dims, values) : tensor("float32", dims, values);
  };
  return { bytes: stored.bytes, of };
}

const unreadable = (got: string, readable: readonly string[], where: string): ResonnxError =>
  new ResonnxError("unsupported", { where, what: "stored as", got, wanted: readable.join(", ") });
