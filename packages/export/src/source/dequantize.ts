import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";

type Quantization = NonNullable<io.WeightsManifestEntry["quantization"]>;

/** Decodes the stored numbers of a quantized weight. */
type Decoder = (raw: Uint8Array, quantization: Quantization, where: string) => Float32Array | Int32Array;

interface Quantized {
  /** Of one stored element. */
  readonly bytes: number;
  readonly decode: { readonly [dtype: string]: Decoder };
}

/** How tfjs' converter makes weights smaller (`--quantize_uint8` and so on), by the type that it stores: value = stored * scale + min. */
export const quantizations: { readonly [stored: string]: Quantized } = {
  uint8: {
    bytes: 1,
    decode: { float32: (raw, ...how) => affine(raw, ...how), int32: (raw, ...how) => whole(raw, ...how) },
  },
  uint16: {
    bytes: 2,
    decode: { float32: (raw, ...how) => affine(words(raw), ...how), int32: (raw, ...how) => whole(words(raw), ...how) },
  },
  float16: { bytes: 2, decode: { float32: (raw) => Float32Array.from(words(raw), halfToFloat) } },
};

const words = (raw: Uint8Array): Uint16Array => new Uint16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2);

function affine(stored: Uint8Array | Uint16Array, quantization: Quantization, where: string): Float32Array {
  const { scale, min } = terms(quantization, where);
  return Float32Array.from(stored, (value) => value * scale + min);
}

function whole(stored: Uint8Array | Uint16Array, quantization: Quantization, where: string): Int32Array {
  const { scale, min } = terms(quantization, where);
  return Int32Array.from(stored, (value) => Math.round(value * scale + min));
}

function terms({ scale, min }: Quantization, where: string): { scale: number; min: number } {
  if (Number.isFinite(scale) && Number.isFinite(min)) return { scale: scale!, min: min! };
  throw new ResonnxError("bad-input", {
    where,
    what: "quantization",
    got: `scale ${scale}, min ${min}`,
    wanted: "two numbers",
  });
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function halfToFloat(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
