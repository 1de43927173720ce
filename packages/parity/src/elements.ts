import type { Tensor } from "@resonnx/runtime";

/** Types whose elements must be equal: there is no rounding to allow for. */
export function isExact(type: Tensor["type"]): boolean {
  return !type.startsWith("float");
}

/** The elements as numbers; strings have none and become NaN. */
export function numbersOf(tensor: Tensor): Float64Array {
  const { data, type } = tensor;
  // Newer engines hold float16 in a Float16Array, older ones hold its bits in a Uint16Array.
  const halves = type === "float16" && data instanceof Uint16Array;
  return Float64Array.from({ length: data.length }, (_, i) =>
    halves ? halfToNumber(Number(data[i])) : Number(data[i]),
  );
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
