/**
 * Each pixel `factor` times as far from the mean of its neighbourhood, in which it counts five times (PIL's
 * ImageEnhance.Sharpness: the edge keeps its values, fractions are cut off).
 */
export function sharpen(rgb: Uint8Array, width: number, height: number, factor: number): Uint8Array {
  const out = rgb.slice();
  const row = width * 3;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * row + 3; i < (y + 1) * row - 3; i++) {
      const above = rgb[i - row - 3]! + rgb[i - row]! + rgb[i - row + 3]!;
      const below = rgb[i + row - 3]! + rgb[i + row]! + rgb[i + row + 3]!;
      const smooth = Math.floor((above + below + rgb[i - 3]! + 5 * rgb[i]! + rgb[i + 3]!) / 13 + 0.5);
      out[i] = Math.min(255, Math.max(0, smooth + factor * (rgb[i]! - smooth)));
    }
  }
  return out;
}
