import type { Node } from "../../ir/node.ts";
import type { Value } from "../../ir/value.ts";
import type { Attrs } from "../../ops/index.ts";
import { setRunning } from "../forms/batch-norm.ts";
import { columnsOf, kernelMatrix } from "../forms/conv.ts";
import { HWIO, NHWC, type Window2d, window2d } from "../forms/window.ts";
import type { Rule, Translation } from "../translation.ts";

/*
 * Batch normalization of a pointwise convolution z = X·W + bias, X [m, ci], W [ci, co], that widens: its statistics follow
 * from those of the narrow X, so no pass over the wide z is needed, and z itself is never made. With X' = X - mean(X) and
 * its covariance C = X'ᵀX' / m:
 *
 *   variance = diag(Wᵀ·C·W),  factor = scale / sqrt(variance + epsilon),  y = X'·(W·factor) + bias of the normalization.
 *
 * With D = dy, A = X'ᵀ·D and slope = Σ W∘A / (m · (variance + epsilon)), summed over ci:
 *
 *   dscale = Σ W∘A / deviation,  dbias = Σ D,  dW = factor∘(A - m · (C·W)∘slope),
 *   dX = D·(W·factor)ᵀ - (dbias / m)·(W·factor)ᵀ - X'·((W∘slope)·(W·factor)ᵀ).
 */

/** Measured on ResNet50: below, the covariance costs more than the passes over z. */
const LEAST_ROWS_PER_CHANNEL = 8;
const LEAST_WIDENING = 2;

interface Pointwise {
  readonly conv: Node<"Conv">;
  readonly win: Window2d;
  readonly ci: number;
  readonly co: number;
  /** Rows of X: pixels of the batch. */
  readonly m: number;
}

const isPointwise = ({ kernel_shape, strides = [], dilations = [], pads = [], group = 1 }: Attrs<"Conv">): boolean =>
  [...kernel_shape, ...strides, ...dilations, group].every((size) => size === 1) && pads.every((pad) => pad === 0);

/** The convolution that gave `z`, where this form suits it. */
export function wideningConv(z: Value): Pointwise | undefined {
  const conv = z.producer;
  if (!conv?.is("Conv") || z.rank !== 4 || !isPointwise(conv.attrs)) return undefined;
  const [x, w] = conv.inputs as [Value, Value];
  const win = window2d(x, conv.attrs, conv.name ?? conv.op);
  const { n, ho, wo, c: ci } = win;
  const [co, m] = [w.shape[0] as number, n * ho * wo];
  return m >= LEAST_ROWS_PER_CHANNEL * ci && co >= LEAST_WIDENING * ci ? { conv, win, ci, co, m } : undefined;
}

/** The widening convolution whose normalization's gradient `dz` is. */
export function behindNorm(dz: Value): Pointwise | undefined {
  const grad = dz.producer;
  return grad?.is("BatchNormGrad") && grad.outputs[0] === dz ? wideningConv(grad.inputs[1]!) : undefined;
}

interface Statistics {
  /** X' [m, ci] */
  readonly centred: Value;
  /** W [ci, co] */
  readonly kernel: Value;
  /** C·W [ci, co] */
  readonly spreadKernel: Value;
  /** [1, co] */
  readonly mean: Value;
  readonly variance: Value;
  /** variance + epsilon, and its root */
  readonly safeVariance: Value;
  readonly deviation: Value;
}

const statistics = (z: Value, { conv, win, ci, co, m }: Pointwise, epsilon: number, t: Translation): Statistics =>
  t.memo(z, `statistics from the input ${epsilon}`, () => {
    const { b } = t;
    const [x, w, bias] = conv.inputs;
    const input = t.memo(x!, "covariance", () => {
      const rows = columnsOf(x!, win, t);
      const mean = b.matmul(b.filled([1, m], 1 / m), rows);
      const centred = b.sub(rows, mean);
      return { mean, centred, covariance: b.gemm(centred, centred, { transA: 1, alpha: 1 / m }) };
    });
    const kernel = kernelMatrix(b, t.read(w!, HWIO));
    const spreadKernel = b.matmul(input.covariance, kernel);
    const variance = b.matmul(b.filled([1, ci], 1), b.mul(kernel, spreadKernel));
    const safeVariance = b.add(variance, epsilon);
    const mean = b.gemm(input.mean, kernel, {}, bias && b.reshape(t.read(bias), [1, co]));
    return {
      centred: input.centred,
      kernel,
      spreadKernel,
      mean,
      variance,
      safeVariance,
      deviation: b.sqrt(safeVariance),
    };
  });

/** W·factor, which the forward and the backward pass multiply by. */
const scaledKernel = (z: Value, { kernel, deviation }: Statistics, scale: Value, t: Translation): ScaledKernel =>
  t.memo(z, "kernel and factor", () => {
    const factor = t.b.div(t.b.reshape(t.read(scale), [1, kernel.shape[1] as number]), deviation);
    return { factor, scaled: t.b.mul(kernel, factor) };
  });

interface ScaledKernel {
  readonly factor: Value;
  readonly scaled: Value;
}

/** Training mode, of a convolution of which `wideningConv` told. */
export const pointwiseNorm =
  (conv: Pointwise): Rule<"BatchNormalization"> =>
  (node, t) => {
    const { b } = t;
    const [z, scale, bias] = node.inputs;
    const found = statistics(z!, conv, node.attrs.epsilon, t);
    const { scaled } = scaledKernel(z!, found, scale!, t);
    const y = b.gemm(found.centred, scaled, {}, t.read(bias!));
    t.set(node.output, b.reshape(y, [conv.win.n, conv.win.ho, conv.win.wo, conv.co]), NHWC);
    setRunning(node, found, t);
  };

interface Gradient extends Statistics, ScaledKernel {
  /** D [m, co] */
  readonly rows: Value;
  /** A [ci, co] */
  readonly product: Value;
  /** [1, co] */
  readonly meanDy: Value;
  readonly slope: Value;
  readonly along: Value;
}

const gradient = (dz: Value, conv: Pointwise, t: Translation): Gradient =>
  t.memo(dz, "gradient from the input", () => {
    const { b } = t;
    const node = dz.producer as Node<"BatchNormGrad">;
    const [dy, z, scale] = node.inputs as [Value, Value, Value];
    const found = statistics(z, conv, node.attrs.epsilon, t);
    const rows = b.reshape(t.read(dy, NHWC), [conv.m, conv.co]);
    const meanDy = b.matmul(b.filled([1, conv.m], 1 / conv.m), rows);
    const product = b.gemm(found.centred, rows, { transA: 1 });
    const along = b.matmul(b.filled([1, conv.ci], 1), b.mul(found.kernel, product));
    const slope = b.div(b.mul(along, 1 / conv.m), found.safeVariance);
    return { ...found, ...scaledKernel(z, found, scale, t), rows, product, meanDy, along, slope };
  });

/** Sets dscale and dbias; dz is left to those who read it. */
export const pointwiseNormGrad =
  (conv: Pointwise): Rule<"BatchNormGrad"> =>
  (node, t) => {
    const { b } = t;
    const { along, deviation, meanDy } = gradient(node.outputs[0]!, conv, t);
    t.set(node.outputs[1]!, b.reshape(b.div(along, deviation), [conv.co]));
    t.set(node.outputs[2]!, b.reshape(b.mul(meanDy, conv.m), [conv.co]));
  };

/** dX, without dz. */
export const pointwiseInputGrad =
  (conv: Pointwise): Rule<"ConvInputGrad"> =>
  (node, t) => {
    const { b } = t;
    const { rows, meanDy, kernel, slope, scaled, centred } = gradient(node.inputs[0]!, conv, t);
    const shift = b.gemm(meanDy, scaled, { transB: 1, alpha: -1 });
    const straight = b.gemm(rows, scaled, { transB: 1 }, shift);
    const back = b.gemm(b.mul(kernel, slope), scaled, { transB: 1 });
    const dx = b.gemm(centred, back, { alpha: -1 }, straight);
    t.set(node.output, b.reshape(dx, [conv.win.n, conv.win.ho, conv.win.wo, conv.ci]), NHWC);
  };

/** dW, without dz. */
export const pointwiseKernelGrad =
  (conv: Pointwise): Rule<"ConvKernelGrad"> =>
  (node, t) => {
    const { b } = t;
    const { product, spreadKernel, slope, factor } = gradient(node.inputs[0]!, conv, t);
    const dw = b.mul(b.sub(product, b.mul(spreadKernel, b.mul(slope, conv.m))), factor);
    t.set(node.output, b.reshape(dw, [1, 1, conv.ci, conv.co]), HWIO);
  };
