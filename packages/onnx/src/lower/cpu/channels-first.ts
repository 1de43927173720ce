import { staticShape } from "../../autodiff/vjps.ts";
import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import { setRunning } from "../forms/batch-norm.ts";
import { columnsOf, convInputGrad, kernelMatrix } from "../forms/conv.ts";
import { HWIO, type Window2d, window2d } from "../forms/window.ts";
import type { Rule, Translation } from "../translation.ts";
import type { ConvForm } from "./conv-form.ts";

/*
 * The first convolution of a network reads few channels from large pictures, and a max pooling often follows, which wants
 * pictures as they are. So its result is held channel by channel, [c, n, h, w]: the pooling needs no transpose, and batch
 * normalization is one LayerNormalization with a row a channel, which onnxruntime does in two passes.
 */

/** NCHW axes as they are held here. */
export const CNHW = [1, 0, 2, 3] as const;
/** OIHW kernel axes as this form's gradient gives them. */
const OHWI = [0, 2, 3, 1] as const;

/** Pictures, not feature maps. */
const MOST_CHANNELS = 4;

const suits = ({ c, kernel: [kh, kw] }: Window2d): boolean => c <= MOST_CHANNELS && kh * kw > 1;

/** Whether a value is held channel by channel. */
export const isChannelsFirst = (value: Value, t: Translation): boolean =>
  value.rank === CNHW.length && t.view(value).order.every((axis, i) => axis === CNHW[i]);

/** y = kernelᵀ · im2colᵀ + bias */
const conv: Rule<"Conv"> = (node, t) => {
  const { b } = t;
  const [x, w, bias] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const co = w!.shape[0] as number;
  const kernel = kernelMatrix(b, t.read(w!, HWIO));
  const added = bias && b.reshape(t.read(bias), [co, 1]);
  const y = b.gemm(kernel, columnsOf(x!, win, t), { transA: 1, transB: 1 }, added);
  t.set(node.output, b.reshape(y, [co, win.n, win.ho, win.wo]), CNHW);
};

/** dwᵀ = dy · im2col */
export const kernelGradByRows: Rule<"ConvKernelGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, w] = node.inputs;
  const win = window2d(x!, node.attrs, node.name ?? node.op);
  const [co, ci, kh, kw] = staticShape(w!.shape) as [number, number, number, number];
  const gradient = b.reshape(t.read(dy!, CNHW), [co, win.n * win.ho * win.wo]);
  t.set(node.output, b.reshape(b.gemm(gradient, columnsOf(x!, win, t)), [co, kh, kw, ci]), OHWI);
};

export const pictures: ConvForm = { suits, Conv: conv, ConvInputGrad: convInputGrad, ConvKernelGrad: kernelGradByRows };

interface Rows {
  /** [channels, m] */
  readonly matrix: Value;
  readonly channels: number;
  readonly m: number;
  /** The shape as held. */
  readonly dims: readonly number[];
}

function rowsOf(value: Value, t: Translation): Rows {
  const [n, channels, h, w] = staticShape(value.shape) as [number, number, number, number];
  const m = n * h * w;
  return { matrix: t.b.reshape(t.read(value, CNHW), [channels, m]), channels, m, dims: [channels, n, h, w] };
}

interface Normal {
  /** x̂ = (x - mean) / deviation, [channels, m] */
  readonly normal: Value;
  /** [channels, 1] */
  readonly mean: Value;
  readonly inverseDeviation: Value;
}

const normalized = (x: Value, epsilon: number, t: Translation): Normal =>
  t.memo(x, `normalized ${epsilon}`, () => {
    const { matrix, m } = rowsOf(x, t);
    const [normal, mean, inverse] = t.b.ops(
      "LayerNormalization",
      [matrix, t.b.filled([m], 1)],
      { axis: 1, epsilon },
      3,
    );
    return { normal: normal!, mean: mean!, inverseDeviation: inverse! };
  });

const column = (b: Builder, vector: Value, channels: number): Value => b.reshape(vector, [channels, 1]);

/** Training mode: y = x̂ · scale + bias. */
export const batchNormFirst: Rule<"BatchNormalization"> = (node, t) => {
  const { b } = t;
  const { epsilon } = node.attrs;
  const [x, scale, bias] = node.inputs;
  const { channels, dims } = rowsOf(x!, t);
  const { normal, mean, inverseDeviation } = normalized(x!, epsilon, t);
  const y = b.add(b.mul(normal, column(b, t.read(scale!), channels)), column(b, t.read(bias!), channels));
  t.set(node.output, b.reshape(y, dims), CNHW);
  const variance = b.sub(b.div(1, b.mul(inverseDeviation, inverseDeviation)), epsilon);
  setRunning(node, { mean, variance }, t);
};

/** dscale = Σ dy·x̂, dbias = Σ dy, dx = scale / deviation · (dy - dbias / m - x̂ · dscale / m). */
export const batchNormFirstGrad: Rule<"BatchNormGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, scale] = node.inputs;
  const { channels, m, dims } = rowsOf(x!, t);
  const { normal, inverseDeviation } = normalized(x!, node.attrs.epsilon, t);
  const gradient = rowsOf(dy!, t).matrix;
  const dscale = b.sum(b.mul(gradient, normal), [1], 1);
  const dbias = b.sum(gradient, [1], 1);
  const straight = b.sub(b.sub(gradient, b.mul(dbias, 1 / m)), b.mul(normal, b.mul(dscale, 1 / m)));
  const dx = b.mul(straight, b.mul(column(b, t.read(scale!), channels), inverseDeviation));
  t.set(node.outputs[0]!, b.reshape(dx, dims), CNHW);
  t.set(node.outputs[1]!, b.reshape(dscale, [channels]));
  t.set(node.outputs[2]!, b.reshape(dbias, [channels]));
};
