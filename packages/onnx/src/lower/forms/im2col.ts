import type { Builder } from "../../builder/builder.ts";
import { tensor } from "../../ir/tensor.ts";
import type { Value } from "../../ir/value.ts";
import type { Window2d } from "./window.ts";

/**
 * Pictures [n,h,w,c] as the matrix [n*ho*wo, kh*kw*c] whose rows are the windows, so that a convolution is one matrix
 * product. A Gather of whole pixels: onnxruntime copies c numbers at a time.
 */
export function im2col(b: Builder, x: Value, win: Window2d): Value {
  const {
    n,
    h,
    w,
    c,
    kernel: [kh, kw],
    stride: [sh, sw],
    pads: [top, left, bottom, right],
    ho,
    wo,
  } = win;
  const rows = n * ho * wo;
  const direct = kh === 1 && kw === 1 && sh === 1 && sw === 1 && top + left + bottom + right === 0;
  if (direct) return b.reshape(x, [rows, c]);
  const [hp, wp] = [h + top + bottom, w + left + right];
  const padded = b.pad(x, [0, top, left, 0, 0, bottom, right, 0]);
  const table = b.once(`im2col ${[n, hp, wp, kh, kw, sh, sw, ho, wo]}`, () => {
    const indices = new Int32Array(rows * kh * kw);
    let i = 0;
    for (let picture = 0; picture < n; picture++)
      for (let y = 0; y < ho; y++)
        for (let z = 0; z < wo; z++)
          for (let ky = 0; ky < kh; ky++)
            for (let kz = 0; kz < kw; kz++) indices[i++] = (picture * hp + y * sh + ky) * wp + z * sw + kz;
    return tensor("int32", [indices.length], indices);
  });
  return b.reshape(b.gather(b.reshape(padded, [n * hp * wp, c]), table, 0), [rows, kh * kw * c]);
}

/** Pictures [n,ho,wo,c] spread to [n,h,w,c]: pixel (y,z) goes to (y*sh, z*sw), zeros between and after. */
export function spread(
  b: Builder,
  x: Value,
  [n, ho, wo, c]: readonly [number, number, number, number],
  [sh, sw]: readonly [number, number],
  [h, w]: readonly [number, number],
): Value {
  if (sh === 1 && sw === 1 && ho === h && wo === w) return b.reshape(x, [n, h, w, c]);
  const cells = b.pad(b.reshape(x, [n, ho, 1, wo, 1, c]), [0, 0, 0, 0, 0, 0, 0, 0, sh - 1, 0, sw - 1, 0]);
  return fit(b, b.reshape(cells, [n, ho * sh, wo * sw, c]), [h, w]);
}

/** Pictures cut, or padded with zeros, at the bottom and right to [n,h,w,c]. */
function fit(b: Builder, x: Value, [h, w]: readonly [number, number]): Value {
  const [, ho, wo] = x.shape as readonly number[];
  const cut =
    ho! > h || wo! > w
      ? b.op("Slice", [x, b.ints([0, 0]), b.ints([Math.min(ho!, h), Math.min(wo!, w)]), b.ints([1, 2])], {})
      : x;
  return b.pad(cut, [0, 0, 0, 0, 0, Math.max(0, h - ho!), Math.max(0, w - wo!), 0]);
}
