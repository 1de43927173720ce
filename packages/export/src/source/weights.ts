import { ResonnxError } from "@resonnx/base";
import { sizeOf, type Tensor, tensor } from "@resonnx/onnx";
import type { io } from "@tensorflow/tfjs";
import { ShardReader } from "./shards.ts";

export interface NamedTensor {
  readonly name: string;
  readonly data: Tensor;
}

interface Storage {
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
  const weights = (artifacts.weightSpecs ?? []).map((spec) => ({
    group: spec.group,
    name: spec.name.replace(/:0$/, ""),
    data: readWeight(spec, shards, `${where}: weight "${spec.name}"`),
  }));
  shards.end();
  return weights.filter(({ group }) => group !== "optimizer").map(({ name, data }) => ({ name, data }));
}

function readWeight(spec: io.WeightsManifestEntry, shards: ShardReader, where: string): Tensor {
  const dtype = spec.quantization ? `${spec.dtype} quantized to ${spec.quantization.dtype}` : spec.dtype;
  const kind = Object.hasOwn(storage, dtype) ? storage[dtype] : undefined;
  if (!kind)
    throw new ResonnxError("unsupported", {
      where,
      what: "stored as",
      got: dtype,
      wanted: Object.keys(storage).join(", "),
    });
  const dims = [...spec.shape];
  const length = sizeOf(dims) * kind.bytes;
  if (!dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0) || !Number.isSafeInteger(length))
    throw new ResonnxError("bad-input", { where, what: "an impossible shape", got: `[${dims}]` });
  return kind.of(dims, shards.take(length, kind.bytes, where));
}
