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

/** Channels below which copying pixel by pixel costs more than copying rows of pixels twice. */
const FEW_CHANNELS = 16;

/**
 * Pictures [n,h,w,c] as the matrix [n*ho*wo, kh*kw*c] whose rows are the windows, so that a convolution is one matrix
 * product. With few channels the windows' rows are made first, and windows of them.
 */
export function im2col(b: Builder, x: Value, win: Window2d): Value {
  const { n, h, c, kernel, stride, pads, ho, wo } = win;
  const [[kh, kw], [sh, sw], [top, left]] = [kernel, stride, pads];
  if (isDirect(win)) return b.reshape(x, [n * ho * wo, c]);
  if (c < FEW_CHANNELS && kh > 1 && kw > 1) {
    const across: Window2d = { ...win, kernel: [1, kw], stride: [1, sw], pads: [0, left, 0, pads[3]], ho: h };
    const rows = b.reshape(windows(b, x, across), [n, h, wo, kw * c]);
    return windows(b, rows, { ...win, w: wo, c: kw * c, kernel: [kh, 1], stride: [sh, 1], pads: [top, 0, pads[2], 0] });
  }
  return windows(b, x, win);
}

function windows(b: Builder, x: Value, win: Window2d): Value {
  const { n, h, w, c, kernel, stride, pads, ho, wo } = win;
  const [[kh, kw], [sh, sw], [top, left]] = [kernel, stride, pads];
  const cut = pixels(b, x, `windows ${keyOf(win)}`, () =>
    table(win, [ho, wo], (picture, y, z, ky, kz) => {
      const [row, column] = [y * sh + ky - top, z * sw + kz - left];
      return row >= 0 && row < h && column >= 0 && column < w ? (picture * h + row) * w + column : OUTSIDE;
    }),
  );
  return b.reshape(cut, [n * ho * wo, kh * kw * c]);
}

/**
 * Of gradients [n,ho,wo,c] by a convolution's output, for each pixel of its input the ones that it had a part in, tap by
 * tap: [n*h*w, kh*kw*c].
 */
export function im2colBack(b: Builder, dy: Value, win: Window2d): Value {
  const { n, h, w, kernel, stride, pads, ho, wo } = win;
  const [[kh, kw], [sh, sw], [top, left]] = [kernel, stride, pads];
  const channels = dy.shape.at(-1) as number;
  const rows = n * h * w;
  if (isDirect(win)) return b.reshape(dy, [rows, channels]);
  const cut = pixels(b, dy, `windows back ${keyOf(win)}`, () =>
    table(win, [h, w], (picture, y, z, ky, kz) => {
      const [row, column] = [(y + top - ky) / sh, (z + left - kz) / sw];
      const inside = row >= 0 && row < ho && column >= 0 && column < wo;
      return inside && Number.isInteger(row) && Number.isInteger(column) ? (picture * ho + row) * wo + column : OUTSIDE;
    }),
  );
  return b.reshape(cut, [rows, kh * kw * channels]);
}
