import type { Builder } from "../../builder/builder.ts";
import { tensor } from "../../ir/tensor.ts";
import type { Value } from "../../ir/value.ts";
import type { Rule, Translation } from "../translation.ts";
import { im2col, spread } from "./im2col.ts";
import { HWIO, NHWC, type Window2d, window2d } from "./window.ts";

/** Conv = im2col · kernel + bias. */
export const conv: Rule<"Conv"> = (node, t) => {
  const [x, w, bias] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const columns = columnsOf(x!, win, t);
  const y = t.b.gemm(columns, kernelMatrix(t.b, t.read(w!, HWIO)), {}, bias && t.read(bias));
  t.set(node.output, t.b.reshape(y, [win.n, win.ho, win.wo, w!.shape[0] as number]), NHWC);
};

/** dw = im2col(x)ᵀ · dy */
export const convKernelGrad: Rule<"ConvKernelGrad"> = (node, t) => {
  const [dy, x, w] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const [co, ci, kh, kw] = w!.shape as readonly [number, number, number, number];
  const columns = columnsOf(x!, win, t);
  const dw = t.b.gemm(columns, t.b.reshape(t.read(dy!, NHWC), [win.n * win.ho * win.wo, co]), { transA: 1 });
  t.set(node.output, t.b.reshape(dw, [kh, kw, ci, co]), HWIO);
};

/**
 * dx: the pixels of dy spread by the stride, convolved with the kernel turned by 180 degrees. A 1x1 kernel needs no
 * neighbours, so it multiplies first and spreads the result.
 */
export const convInputGrad: Rule<"ConvInputGrad"> = (node, t) => {
  const [dy, w, x] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const {
    n,
    h,
    w: width,
    c: ci,
    ho,
    wo,
    kernel: [kh, kw],
    stride,
    pads,
  } = win;
  const co = w!.shape[0] as number;
  const kernel = t.read(w!, HWIO);
  const gradient = t.read(dy!, NHWC);
  if (kh === 1 && kw === 1 && pads.every((pad) => pad === 0)) {
    const product = t.b.gemm(t.b.reshape(gradient, [n * ho * wo, co]), kernelMatrix(t.b, kernel), { transB: 1 });
    t.set(node.output, spread(t.b, product, [n, ho, wo, ci], stride, [h, width]), NHWC);
    return;
  }
  const [top, left] = [kh - 1 - pads[0], kw - 1 - pads[1]];
  const full = [h + kh - 1 - top, width + kw - 1 - left] as const; // with the pads below and to the right
  const spreadOut = spread(t.b, gradient, [n, ho, wo, co], stride, full);
  const back: Window2d = {
    n,
    h: full[0],
    w: full[1],
    c: co,
    kernel: [kh, kw],
    stride: [1, 1],
    pads: [top, left, 0, 0],
    ho: h,
    wo: width,
  };
  const dx = t.b.gemm(im2col(t.b, spreadOut, back), turnedKernel(t.b, kernel, [kh * kw, ci, co]));
  t.set(node.output, t.b.reshape(dx, [n, h, width, ci]), NHWC);
};

/** The forward pass' windows, which the kernel's gradient reads again. */
export const columnsOf = (x: Value, win: Window2d, t: Translation): Value =>
  t.memo(x, `im2col ${[win.kernel, win.stride, win.pads]}`, () => im2col(t.b, t.read(x, NHWC), win));

export const kernelMatrix = (b: Builder, kernel: Value): Value => {
  const [kh, kw, ci, co] = kernel.shape as readonly [number, number, number, number];
  return b.reshape(kernel, [kh * kw * ci, co]);
};

/** Indices that turn a kernel by 180 degrees; int32, which every provider takes. */
export const reversedTaps = (b: Builder, taps: number): Value =>
  b.once(`reversed ${taps}`, () =>
    tensor(
      "int32",
      [taps],
      Int32Array.from({ length: taps }, (_, tap) => taps - 1 - tap),
    ),
  );

/** [taps,ci,co] -> [taps reversed * co, ci] */
function turnedKernel(b: Builder, kernel: Value, [taps, ci, co]: readonly [number, number, number]): Value {
  const turned = b.gather(b.reshape(kernel, [taps, ci, co]), reversedTaps(b, taps), 0);
  return b.reshape(b.transpose(turned, [0, 2, 1]), [taps * co, ci]);
}
