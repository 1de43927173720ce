import type { Augmentation } from "./recipe.ts";

/**
 * The picture under one change. `rgb` is u8 [height, width, 3]; the result, written into `out`, is [height, width, 3]
 * with values in [0, 1] (pixel / 255). The centre of each result pixel is turned, zoomed and shifted about the middle
 * into the picture, whose edge pixels go on for ever, and read there bilinearly; then value * gain + offset, clamped.
 */
export function transform(
  rgb: Uint8Array,
  width: number,
  height: number,
  { angle, zoom, shiftX, shiftY, gain, offset, flip }: Augmentation,
  out: Float32Array = new Float32Array(width * height * 3),
): Float32Array {
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians) / zoom;
  const sin = Math.sin(radians) / zoom;
  const mirror = flip ? -1 : 1;
  const scale = gain / 255;
  for (let row = 0, at = 0; row < height; row++) {
    const dy = row + 0.5 - height / 2;
    for (let column = 0; column < width; column++, at += 3) {
      const dx = mirror * (column + 0.5 - width / 2);
      const x = clamp(width / 2 - 0.5 + cos * dx - sin * dy + shiftX * width, width - 1);
      const y = clamp(height / 2 - 0.5 + sin * dx + cos * dy + shiftY * height, height - 1);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const fx = x - left;
      const fy = y - top;
      const topLeft = (top * width + left) * 3;
      const right = left + 1 < width ? 3 : 0;
      const below = top + 1 < height ? width * 3 : 0;
      for (let c = 0; c < 3; c++) {
        const from = topLeft + c;
        const upper = rgb[from]! + fx * (rgb[from + right]! - rgb[from]!);
        const lower = rgb[from + below]! + fx * (rgb[from + below + right]! - rgb[from + below]!);
        out[at + c] = clamp((upper + fy * (lower - upper)) * scale + offset, 1);
      }
    }
  }
  return out;
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : Math.min(value, most);
}
