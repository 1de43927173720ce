import type { Builder } from "../builder/builder.ts";
import { axesOf, axisOf, constantInts } from "../infer/rules.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { gelu, hardSwish, pow } from "./rules/activation.ts";
import { einsum } from "./rules/einsum.ts";
import { max, min, reduceMax } from "./rules/extremes.ts";
import { cumSum, gather, gatherND, scatterElements, slice, split, topK } from "./rules/indexing.ts";
import { gemm, matMul } from "./rules/matrix.ts";
import { batchNormalization, instanceNormalization, layerNormalization } from "./rules/normalization.ts";
import { resize } from "./rules/resize.ts";
import { NoGradient, staticShape, type Vjp, type VjpContext, ZeroGradient } from "./vjp.ts";

export { NoGradient, staticShape, type Vjp, type VjpContext, ZeroGradient } from "./vjp.ts";

const none = (reason: string) => new NoGradient(reason);
const PIECEWISE_CONSTANT = new ZeroGradient("its result is constant almost everywhere");
const FIRST_ORDER = none("it is a gradient itself: second derivatives are not built");
const LOOP = none("it stands for a loop: write its steps out before differentiating (unrolled)");

const inversePerm = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis));

/** Puts back axes that a reduction took out, then stretches to the input's shape. */
function stretch(b: Builder, dy: Value, x: Value, axes: readonly number[]): Value {
  const shape = staticShape(x.shape);
  const gone = new Set(axesOf(axes, x.rank));
  const kept = b.reshape(
    dy,
    shape.map((dim, axis) => (gone.has(axis) ? 1 : dim)),
  );
  return b.op("Expand", [kept, b.ints(shape)], {});
}

const reshapeBack = ({ b, x: [x], dy }: Pick<VjpContext<OpName>, "b" | "x" | "dy">) => [
  b.reshape(dy, staticShape(x!.shape)),
];

/**
 * Whether a gradient sums to zero over the batch and the pixels: batch normalization takes the mean out of what it
 * reads, so a bias before it has no influence. Summed up it would be rounding noise, which Adam scales to full steps.
 */
const sumsToZero = (dy: Value): boolean => dy.producer?.op === "BatchNormGrad" && dy.producer.output === dy;

export const vjps: { readonly [K in OpName]: Vjp<K> | ZeroGradient | NoGradient } = {
  Abs: ({ b, x: [x], dy }) => [b.where(b.greater(x!, 0), dy, b.neg(dy))],
  Add: ({ dy }) => [dy, dy],
  And: PIECEWISE_CONSTANT,
  ArgMax: PIECEWISE_CONSTANT,
  AveragePool: ({ b, node, x: [x], dy }) => [b.op("AveragePoolGrad", [dy, x], node.attrs)],
  AveragePoolGrad: FIRST_ORDER,
  BatchNormGrad: FIRST_ORDER,
  BatchNormalization: batchNormalization,
  // From bool and integers there is nothing to go back to.
  Cast: ({ b, x: [x], dy }) => [x!.type.dtype === "float32" ? b.op("Cast", [dy], { to: "float32" }) : undefined],
  Clip: ({ b, x: [x], y, dy }) => [b.where(b.op("Equal", [x, y], {}), dy, 0)],
  Concat: ({ b, node, x, y, dy }) => {
    const axis = axisOf(node.attrs.axis, y.rank);
    let start = 0;
    return x.map((part) => {
      const end = start + (part.shape[axis] as number);
      const piece = b.op("Slice", [dy, b.ints([start]), b.ints([end]), b.ints([axis])], {});
      start = end;
      return piece;
    });
  },
  Conv: ({ b, node, x: [x, w, bias], dy }) => {
    const axes = x!.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    return [
      b.op("ConvInputGrad", [dy, w, x], node.attrs),
      b.op("ConvKernelGrad", [dy, x, w], node.attrs),
      ...(bias ? [sumsToZero(dy) ? b.filled(staticShape(bias.shape), 0) : b.sum(dy, axes, 0)] : []),
    ];
  },
  ConvInputGrad: FIRST_ORDER,
  ConvKernelGrad: FIRST_ORDER,
  ConvTranspose: ({ b, node, x: [x, w, bias], dy }) => {
    const { output_padding: _, ...attrs } = node.attrs;
    const axes = dy.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    return [
      b.op("Conv", [dy, w], attrs),
      b.op("ConvKernelGrad", [x, dy, w], attrs),
      ...(bias ? [b.sum(dy, axes, 0)] : []),
    ];
  },
  DequantizeLinear: none("quantized weights are not trained"),
  CumSum: cumSum,
  Div: ({ b, x: [, divisor], y, dy }) => {
    const dx = b.div(dy, divisor!);
    return [dx, b.neg(b.mul(dx, y))];
  },
  Elu: ({ b, node, x: [x], y, dy }) => [b.where(b.greater(x!, 0), dy, b.mul(dy, b.add(y, node.attrs.alpha)))],
  Einsum: einsum,
  Equal: PIECEWISE_CONSTANT,
  Erf: ({ b, x: [x], dy }) => [b.mul(dy, b.mul(b.exp(b.neg(b.mul(x!, x!))), 2 / Math.sqrt(Math.PI)))],
  Exp: ({ b, y, dy }) => [b.mul(dy, y)],
  Expand: ({ dy }) => [dy, undefined],
  Flatten: reshapeBack,
  Gather: gather,
  GRU: LOOP,
  GatherND: gatherND,
  Gemm: gemm,
  GlobalAveragePool: ({ b, x: [x], dy }) => [
    b.op("AveragePoolGrad", [dy, x], { kernel_shape: staticShape(x!.shape).slice(2) }),
  ],
  Greater: PIECEWISE_CONSTANT,
  Gelu: gelu,
  HardSwish: hardSwish,
  HardSigmoid: ({ b, node, y, dy }) => [b.where(b.greater(b.mul(y, b.sub(1, y)), 0), b.mul(dy, node.attrs.alpha), 0)],
  Identity: ({ dy }) => [dy],
  InstanceNormalization: instanceNormalization,
  LSTM: LOOP,
  LayerNormalization: layerNormalization,
  LeakyRelu: ({ b, node, x: [x], dy }) => [b.where(b.greater(x!, 0), dy, b.mul(dy, node.attrs.alpha))],
  Log: ({ b, x: [x], dy }) => [b.div(dy, x!)],
  // d log_softmax: dy - softmax(x) * sum(dy)
  LogSoftmax: ({ b, node, y, dy }) => [b.sub(dy, b.mul(b.exp(y), b.sum(dy, [axisOf(node.attrs.axis, y.rank)], 1)))],
  MatMul: matMul,
  Max: max,
  MaxPool: ({ b, node, x: [x], y, dy }) => [b.op("MaxPoolGrad", [dy, x, y], node.attrs)],
  MaxPoolGrad: FIRST_ORDER,
  Min: min,
  Mul: ({ b, x: [a, c], dy }) => [b.mul(dy, c!), b.mul(dy, a!)],
  Neg: ({ b, dy }) => [b.neg(dy)],
  Not: PIECEWISE_CONSTANT,
  Or: PIECEWISE_CONSTANT,
  PRelu: ({ b, x: [x, slope], dy }) => {
    const positive = b.greater(x!, 0);
    return [b.where(positive, dy, b.mul(dy, slope!)), b.where(positive, 0, b.mul(dy, x!))];
  },
  Pad: ({ b, x: [x, pads], dy }) => {
    const begins = constantInts(pads)!.slice(0, x!.rank);
    const ends = staticShape(x!.shape).map((dim, axis) => begins[axis]! + dim);
    return [b.op("Slice", [dy, b.ints(begins), b.ints(ends)], {}), undefined, undefined];
  },
  Pow: pow,
  QuantizeLinear: PIECEWISE_CONSTANT,
  Reciprocal: ({ b, y, dy }) => [b.neg(b.mul(dy, b.mul(y, y)))],
  RNN: LOOP,
  ReduceMax: reduceMax,
  ReduceMean: ({ b, node, x: [x], y, dy }) => {
    const axes = node.attrs.axes ?? x!.shape.map((_, axis) => axis);
    const count =
      staticShape(x!.shape).reduce((a, dim) => a * dim, 1) / staticShape(y.shape).reduce((a, dim) => a * dim, 1);
    return [stretch(b, b.mul(dy, 1 / count), x!, axes)];
  },
  ReduceSum: ({ b, x: [x, axes], dy }) => [
    stretch(b, dy, x!, constantInts(axes) ?? x!.shape.map((_, axis) => axis)),
    undefined,
  ],
  Relu: ({ b, y, dy }) => [b.op("ReluGrad", [dy, y], {})],
  ReluGrad: FIRST_ORDER,
  Reshape: reshapeBack,
  Resize: resize,
  ScatterElements: scatterElements,
  Shape: PIECEWISE_CONSTANT,
  Sigmoid: ({ b, y, dy }) => [b.mul(dy, b.mul(y, b.sub(1, y)))],
  Slice: slice,
  // d softmax: y * (dy - sum(dy * y))
  Softmax: ({ b, node, y, dy }) => [b.mul(y, b.sub(dy, b.sum(b.mul(dy, y), [axisOf(node.attrs.axis, y.rank)], 1)))],
  Softplus: ({ b, x: [x], dy }) => [b.mul(dy, b.op("Sigmoid", [x], {}))],
  Split: split,
  Sqrt: ({ b, y, dy }) => [b.div(b.mul(dy, 0.5), y)],
  Squeeze: reshapeBack,
  Sub: ({ b, dy }) => [dy, b.neg(dy)],
  Tanh: ({ b, y, dy }) => [b.mul(dy, b.sub(1, b.mul(y, y)))],
  ThresholdedRelu: ({ b, node, x: [x], dy }) => [b.where(b.greater(x!, node.attrs.alpha), dy, 0)],
  TopK: topK,
  Transpose: ({ b, node, dy }) => [b.transpose(dy, inversePerm(node.attrs.perm))],
  Unsqueeze: reshapeBack,
  Where: ({ b, x: [condition], dy }) => [undefined, b.where(condition!, dy, 0), b.where(condition!, 0, dy)],
};
