/**
 * Turns the hue of the pixel at `at` of RGB values by a part of a full turn; value and saturation stay (HSV, Smith 1978).
 * The way back from HSV is `v - c max(0, min(k, 4 - k, 1))` with k = n + 6 h mod 6 and n = 5, 3, 1 for red, green, blue.
 */
export function turnHue(rgb: Float32Array, at: number, turns: number): void {
  const r = rgb[at]!;
  const g = rgb[at + 1]!;
  const b = rgb[at + 2]!;
  const value = Math.max(r, g, b);
  const chroma = value - Math.min(r, g, b);
  if (chroma === 0) return;
  const sextant = value === r ? (g - b) / chroma : value === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  const hue = sextant + 6 * turns + 12; // turns lie in [-1, 1]: never below 0
  rgb[at] = channel(hue + 5, value, chroma);
  rgb[at + 1] = channel(hue + 3, value, chroma);
  rgb[at + 2] = channel(hue + 1, value, chroma);
}

function channel(sextants: number, value: number, chroma: number): number {
  const k = sextants - 6 * Math.floor(sextants / 6); // several times as fast as % on fractions
  return value - chroma * Math.max(0, Math.min(k, 4 - k, 1));
}
