import type { Box, Canvas } from "./canvas.ts";
import { turnHue } from "./turn-hue.ts";

/** What a box is filled with: the middle, to which networks that expect [-1, 1] or standardized values give 0 or little. */
const BLANK = 0.5;

/**
 * The picture as its canvas says, written into `out`: [height, width, 3] with values in [0, 1] (pixel / 255). The centre
 * of each result pixel is taken to its place in the picture, whose edge pixels go on for ever, and read there bilinearly;
 * then its colour is changed and clamped.
 */
export function render(canvas: Canvas, out: Float32Array): Float32Array {
  const { rgb, width, height, hue } = canvas;
  const [a, b, tx, c, d, ty] = canvas.affine;
  const [rr, rg, rb, r0, gr, gg, gb, g0, br, bg, bb, b0] = canvas.colour.map((value, i) =>
    i % 4 === 3 ? value : value / 255,
  ) as unknown as Canvas["colour"]; // as long as it was
  const mixes = rg !== 0 || rb !== 0 || gr !== 0 || gb !== 0 || br !== 0 || bg !== 0; // channels with each other
  const [mostX, mostY] = [width - 1, height - 1];
  for (let row = 0, at = 0; row < height; row++) {
    const dy = row + 0.5 - height / 2;
    const [fromX, fromY] = [mostX / 2 + b * dy + tx, mostY / 2 + d * dy + ty];
    for (let column = 0; column < width; column++, at += 3) {
      const dx = column + 0.5 - width / 2;
      const x = clamp(fromX + a * dx, mostX);
      const y = clamp(fromY + c * dx, mostY);
      const left = x | 0;
      const top = y | 0;
      const fx = x - left;
      const fy = y - top;
      const i = (top * width + left) * 3;
      const j = left < mostX ? i + 3 : i;
      const below = top < mostY ? width * 3 : 0;
      const k = i + below;
      const l = j + below;
      const upperRed = rgb[i]! + fx * (rgb[j]! - rgb[i]!);
      const upperGreen = rgb[i + 1]! + fx * (rgb[j + 1]! - rgb[i + 1]!);
      const upperBlue = rgb[i + 2]! + fx * (rgb[j + 2]! - rgb[i + 2]!);
      const red = upperRed + fy * (rgb[k]! + fx * (rgb[l]! - rgb[k]!) - upperRed);
      const green = upperGreen + fy * (rgb[k + 1]! + fx * (rgb[l + 1]! - rgb[k + 1]!) - upperGreen);
      const blue = upperBlue + fy * (rgb[k + 2]! + fx * (rgb[l + 2]! - rgb[k + 2]!) - upperBlue);
      if (mixes) {
        out[at] = clamp(rr * red + rg * green + rb * blue + r0, 1);
        out[at + 1] = clamp(gr * red + gg * green + gb * blue + g0, 1);
        out[at + 2] = clamp(br * red + bg * green + bb * blue + b0, 1);
      } else {
        out[at] = clamp(rr * red + r0, 1);
        out[at + 1] = clamp(gg * green + g0, 1);
        out[at + 2] = clamp(bb * blue + b0, 1);
      }
      if (hue !== 0) turnHue(out, at, hue);
    }
  }
  for (const box of canvas.boxes) blank(out, width, height, box);
  return out;
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : Math.min(value, most);
}

function blank(out: Float32Array, width: number, height: number, { left, top, right, bottom }: Box): void {
  const first = (edge: number, most: number) => Math.min(most, Math.max(0, Math.ceil(edge - 0.5)));
  const [from, to] = [first(left, width), first(right, width)];
  for (let row = first(top, height); row < first(bottom, height); row++) {
    out.fill(BLANK, (row * width + from) * 3, (row * width + to) * 3);
  }
}
