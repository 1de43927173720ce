import { joinBytes, ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";

/** A weight of a tfjs model: its values lie in the artifacts' own memory where alignment allows. */
export interface Weight {
  readonly name: string;
  readonly shape: number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** The array of each dtype, or why Keras has no such weights. Quantized artifacts are decoded before they get here. */
const ARRAYS: { readonly [D in io.WeightsManifestEntry["dtype"]]: ((bytes: ArrayBuffer) => Weight["data"]) | null } = {
  float32: (bytes) => new Float32Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  bool: (bytes) => new Uint8Array(bytes),
  string: null,
  complex64: null,
};

const BYTES_PER_VALUE = { float32: 4, int32: 4, bool: 1, string: 0, complex64: 8 } as const;

/** The model's weights, one by one, in their order; an optimizer's state is passed over. Throws `bad-input` when specs and data don't fit. */
export function splitWeights({ weightSpecs = [], weightData }: io.ModelArtifacts, where: string): Weight[] {
  const bytes = joined(weightData);
  let at = 0;
  const weights = weightSpecs.flatMap((spec) => {
    const { name, dtype, shape } = spec;
    const array = ARRAYS[dtype];
    if (!array || spec.quantization) {
      const got = spec.quantization ? `quantized ${spec.quantization.dtype}` : dtype;
      throw new ResonnxError("unsupported", {
        where,
        what: `the weight ${name} can't go into a Keras file`,
        got,
        wanted: "float32, int32 or bool",
      });
    }
    const length = shape.reduce((product, size) => product * size, BYTES_PER_VALUE[dtype]);
    if (at + length > bytes.byteLength) throw wrongLength(where, `${at + length} or more`, bytes.byteLength);
    const data = array(bytes.slice(at, at + length));
    at += length;
    return spec.group === "optimizer" ? [] : [{ name, shape, data }];
  });
  if (at !== bytes.byteLength) throw wrongLength(where, String(at), bytes.byteLength);
  return weights;
}

function joined(data: io.ModelArtifacts["weightData"]): ArrayBuffer {
  if (!Array.isArray(data)) return data ?? new ArrayBuffer(0);
  return joinBytes(data.map((part) => new Uint8Array(part))).buffer;
}

function wrongLength(where: string, wanted: string, got: number): ResonnxError {
  return new ResonnxError("bad-input", {
    where,
    what: "weights and their specs don't fit",
    got: `${got} bytes`,
    wanted: `${wanted} bytes`,
  });
}
