import { checkPixels, checkSize, type Pixels } from "./pixels.ts";

/**
 * The picture at another size (the same object when the size is right): separable triangle filter, widened by the scale
 * when shrinking, so that every source pixel counts. It is Pillow's `resize(size, BILINEAR)` to within rounding.
 */
export function resize(pixels: Pixels, width: number, height: number): Pixels {
  checkPixels(pixels);
  checkSize(width, height, "resize");
  if (pixels.width === width && pixels.height === height) return pixels;
  const source = premultiplied(pixels);
  const rows = horizontal(source, pixels.width, pixels.height, taps(pixels.width, width));
  return { width, height, data: vertical(rows, width, taps(pixels.height, height)) };
}

/** For one output position: the first source position and the weights from there on, which sum to 1. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Triangle filter at every output position (Pillow, `precompute_coeffs` in libImaging/Resample.c). */
function taps(from: number, to: number): Taps[] {
  const scale = from / to;
  const support = Math.max(scale, 1);
  return Array.from({ length: to }, (_, position) => {
    const center = (position + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - support + 0.5));
    const last = Math.min(from, Math.floor(center + support + 0.5));
    const weights = Float64Array.from({ length: last - first }, (_, i) =>
      Math.max(0, 1 - Math.abs((first + i + 0.5 - center) / support)),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** Colours times alpha / 255, so that the colour of a transparent pixel doesn't bleed; an opaque picture as it is. */
function premultiplied({ data }: Pixels): ArrayLike<number> {
  if (isOpaque(data)) return data;
  const source = new Float32Array(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    for (let c = 0; c < 3; c++) source[i + c] = (data[i + c]! * alpha) / 255;
    source[i + 3] = alpha;
  }
  return source;
}

/** Whether every alpha is 255. */
export function isOpaque(data: Pixels["data"]): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

function horizontal(source: ArrayLike<number>, width: number, height: number, columns: readonly Taps[]): Float32Array {
  const result = new Float32Array(columns.length * height * 4);
  let out = 0;
  for (let y = 0; y < height; y++) {
    for (const { first, weights } of columns) {
      let [r, g, b, a] = [0, 0, 0, 0];
      let at = (y * width + first) * 4;
      for (let i = 0; i < weights.length; i++, at += 4) {
        const weight = weights[i]!;
        r += weight * source[at]!;
        g += weight * source[at + 1]!;
        b += weight * source[at + 2]!;
        a += weight * source[at + 3]!;
      }
      result[out] = r;
      result[out + 1] = g;
      result[out + 2] = b;
      result[out + 3] = a;
      out += 4;
    }
  }
  return result;
}

function vertical(source: Float32Array, width: number, rows: readonly Taps[]): Uint8ClampedArray {
  const stride = width * 4;
  const result = new Uint8ClampedArray(rows.length * stride); // clamps and rounds
  const row = new Float64Array(stride);
  rows.forEach(({ first, weights }, y) => {
    row.fill(0);
    weights.forEach((weight, i) => {
      const at = (first + i) * stride;
      for (let x = 0; x < stride; x++) row[x] = row[x]! + weight * source[at + x]!;
    });
    for (let x = 0; x < stride; x += 4) {
      const alpha = row[x + 3]!;
      const divisor = alpha === 0 ? 1 : alpha / 255; // undoes `premultiplied`; 1 for opaque pixels
      for (let c = 0; c < 3; c++) result[y * stride + x + c] = row[x + c]! / divisor;
      result[y * stride + x + 3] = alpha;
    }
  });
  return result;
}
