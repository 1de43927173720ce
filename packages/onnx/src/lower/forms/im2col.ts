import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import { OUTSIDE, pixels } from "./pixels.ts";
import type { Window2d } from "./window.ts";

const keyOf = ({ n, h, w, kernel, stride, pads, ho, wo }: Window2d): string =>
  `${[n, h, w, kernel, stride, pads, ho, wo]}`;

const isDirect = ({ kernel, stride, pads }: Window2d): boolean =>
  [...kernel, ...stride].every((size) => size === 1) && pads.every((pad) => pad === 0);

/** For each of [n, height, width] pixels and each tap of the kernel, what `place` says. */
function table(
  { n, kernel: [kh, kw] }: Window2d,
  [height, width]: readonly [number, number],
  place: (picture: number, y: number, z: number, ky: number, kz: number) => number,
): number[] {
  const indices: number[] = [];
  for (let picture = 0; picture < n; picture++)
    for (let y = 0; y < height; y++)
      for (let z = 0; z < width; z++)
        for (let ky = 0; ky < kh; ky++) for (let kz = 0; kz < kw; kz++) indices.push(place(picture, y, z, ky, kz));
  return indices;
}

/**
 * Pictures [n,h,w,c] as the matrix [n*ho*wo, kh*kw*c] whose rows are the windows, so that a convolution is one matrix
 * product.
 */
export function im2col(b: Builder, x: Value, win: Window2d): Value {
  const {
    n,
    h,
    w,
    c,
    kernel: [kh, kw],
    stride: [sh, sw],
    pads: [top, left],
    ho,
    wo,
  } = win;
  const rows = n * ho * wo;
  if (isDirect(win)) return b.reshape(x, [rows, c]);
  const windows = pixels(b, x, `windows ${keyOf(win)}`, () =>
    table(win, [ho, wo], (picture, y, z, ky, kz) => {
      const [row, column] = [y * sh + ky - top, z * sw + kz - left];
      return row >= 0 && row < h && column >= 0 && column < w ? (picture * h + row) * w + column : OUTSIDE;
    }),
  );
  return b.reshape(windows, [rows, kh * kw * c]);
}

/**
 * Of gradients [n,ho,wo,c] by a convolution's output, for each pixel of its input the ones that it had a part in, tap by
 * tap: [n*h*w, kh*kw*c].
 */
export function im2colBack(b: Builder, dy: Value, win: Window2d): Value {
  const {
    n,
    h,
    w,
    kernel: [kh, kw],
    stride: [sh, sw],
    pads: [top, left],
    ho,
    wo,
  } = win;
  const channels = dy.shape.at(-1) as number;
  const rows = n * h * w;
  if (isDirect(win)) return b.reshape(dy, [rows, channels]);
  const windows = pixels(b, dy, `windows back ${keyOf(win)}`, () =>
    table(win, [h, w], (picture, y, z, ky, kz) => {
      const [row, column] = [(y + top - ky) / sh, (z + left - kz) / sw];
      const inside = row >= 0 && row < ho && column >= 0 && column < wo;
      return inside && Number.isInteger(row) && Number.isInteger(column) ? (picture * ho + row) * wo + column : OUTSIDE;
    }),
  );
  return b.reshape(windows, [rows, kh * kw * channels]);
}
