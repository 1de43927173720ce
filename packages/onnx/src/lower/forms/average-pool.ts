import { floats, type TensorOf } from "../../ir/tensor.ts";
import type { Rule } from "../translation.ts";
import { type Window2d, window2d } from "./window.ts";

/** Mean pooling is linear: y = x · P with one constant matrix for all pictures and channels, so dx = dy · Pᵀ. */
export const averagePoolGrad: Rule<"AveragePoolGrad"> = (node, t) => {
  const [dy, x] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const { n, c, h, w, ho, wo } = win;
  const key = `average ${[h, w, win.kernel, win.stride, win.pads, node.attrs.count_include_pad ?? 0]}`;
  const spreading = t.b.once(key, () => spreadingMatrix(win, node.attrs.count_include_pad === 1));
  const dx = t.b.matmul(t.b.reshape(t.read(dy!), [n * c, ho * wo]), spreading);
  t.set(node.output, t.b.reshape(dx, [n, c, h, w]));
};

/** Pᵀ [ho*wo, h*w]: the share of each input pixel in each mean. */
function spreadingMatrix(
  { h, w, ho, wo, kernel: [kh, kw], stride: [sh, sw], pads: [top, left] }: Window2d,
  countPadding: boolean,
): TensorOf<"float32"> {
  const matrix = new Float32Array(ho * wo * h * w);
  for (let y = 0; y < ho; y++)
    for (let z = 0; z < wo; z++) {
      const rows = range(y * sh - top, kh, h);
      const columns = range(z * sw - left, kw, w);
      const share = 1 / (countPadding ? kh * kw : rows.length * columns.length);
      for (const row of rows) for (const column of columns) matrix[(y * wo + z) * h * w + row * w + column] = share;
    }
  return floats([ho * wo, h * w], matrix);
}

/** The places of a window of `length` from `start` that lie in [0, size). */
const range = (start: number, length: number, size: number): number[] =>
  Array.from({ length }, (_, i) => start + i).filter((at) => at >= 0 && at < size);
