import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import type { Rule, Translation } from "../translation.ts";
import { im2col, im2colBack } from "./im2col.ts";
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
 * dx = im2colBack(dy) · kernelᵀ, tap by tap. A 1x1 kernel needs no neighbours, so it multiplies first and spreads the
 * result by the stride.
 */
export const convInputGrad: Rule<"ConvInputGrad"> = (node, t) => {
  const { b } = t;
  const [dy, w, x] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const { n, h, w: width, c: ci, ho, wo, kernel, pads } = win;
  const [kh, kw] = kernel;
  const co = w!.shape[0] as number;
  const weights = t.read(w!, HWIO);
  const gradient = t.read(dy!, NHWC);
  if (kh === 1 && kw === 1 && pads.every((pad) => pad === 0)) {
    const product = b.gemm(b.reshape(gradient, [n * ho * wo, co]), kernelMatrix(b, weights), { transB: 1 });
    t.set(node.output, b.reshape(im2colBack(b, b.reshape(product, [n, ho, wo, ci]), win), [n, h, width, ci]), NHWC);
    return;
  }
  const turned = b.transpose(b.reshape(weights, [kh * kw, ci, co]), [0, 2, 1]);
  const dx = b.gemm(im2colBack(b, gradient, win), b.reshape(turned, [kh * kw * co, ci]));
  t.set(node.output, b.reshape(dx, [n, h, width, ci]), NHWC);
};

/** The forward pass' windows, which the kernel's gradient reads again. */
export const columnsOf = (x: Value, win: Window2d, t: Translation): Value =>
  t.memo(x, `im2col ${[win.kernel, win.stride, win.pads]}`, () => im2col(t.b, t.read(x, NHWC), win));

export const kernelMatrix = (b: Builder, kernel: Value): Value => {
  const [kh, kw, ci, co] = kernel.shape as readonly [number, number, number, number];
  return b.reshape(kernel, [kh * kw * ci, co]);
};
