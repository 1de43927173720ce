/** The largest finite float16; what is larger than 65520 rounds to infinity. */
export const MAX_HALF = 65504;

/** Numbers as the bits of float16, rounded to the nearest, ties to even; written to `half`. */
export function halfBits(values: Float32Array, half: Uint16Array = new Uint16Array(values.length)): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    half[i] = sign | magnitudeBits(magnitude, values[i]!);
  }
  return half;
}

function magnitudeBits(magnitude: number, value: number): number {
  if (magnitude > 0x7f800000) return 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return 0x7c00; // 65520 and more
  if (magnitude < 0x38800000) return roundEven(Math.abs(value) * 2 ** 24); // below 2^-14: steps of 2^-24
  return (magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
