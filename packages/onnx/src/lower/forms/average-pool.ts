import { floats, type TensorOf } from "../../ir/tensor.ts";
import type { Rule } from "../translation.ts";
import { window2d } from "./window.ts";

/** Mean pooling is linear, and each axis apart: y = Pᵀ · x · Q for every picture and channel, so dx = P · dy · Qᵀ. */
export const averagePoolGrad: Rule<"AveragePoolGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x] = node.inputs;
  const { n, c, h, w, ho, wo, kernel, stride, pads } = window2d(x!, node.attrs, node.name ?? node.op);
  const countPadding = node.attrs.count_include_pad === 1;
  const constant = (name: string, axis: Axis) =>
    b.once(`average ${name} ${Object.values(axis)} ${countPadding}`, () => spreading(axis, countPadding));
  const down = constant("down", { size: h, places: ho, kernel: kernel[0], stride: stride[0], pad: pads[0] });
  const across = constant("across", { size: w, places: wo, kernel: kernel[1], stride: stride[1], pad: pads[1] });
  const rows = b.matmul(b.reshape(t.read(dy!), [n * c * ho, wo]), b.transpose(across, [1, 0]));
  t.set(node.output, b.reshape(b.matmul(down, b.reshape(rows, [n * c, ho, w])), [n, c, h, w]));
};

/** A window's way along one axis. */
interface Axis {
  readonly size: number;
  readonly places: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/** P [size, places]: the share of each pixel in the mean of each place. */
function spreading({ size, places, kernel, stride, pad }: Axis, countPadding: boolean): TensorOf<"float32"> {
  const matrix = new Float32Array(size * places);
  for (let place = 0; place < places; place++) {
    const [from, to] = [Math.max(0, place * stride - pad), Math.min(size, place * stride - pad + kernel)];
    const share = 1 / (countPadding ? kernel : to - from);
    for (let at = from; at < to; at++) matrix[at * places + place] = share;
  }
  return floats([size, places], matrix);
}
