import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";

/** A function of seeded inputs whose gradients are checked against central differences. */
export interface GradientCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** Moves the inputs from [-1, 1) to where the operator is defined and smooth. */
  readonly shift?: number;
  /** Whether no two inputs may be so near to each other, or to 0, that differences go across a kink. */
  readonly apart?: boolean;
  build(b: Builder, inputs: readonly Value[]): Value;
}

const pair = { a: [2, 3], c: [2, 3] };
const stretched = { a: [2, 3, 2], c: [3, 1] };
const picture = { x: [2, 2, 5, 6] };
const conv = (
  name: string,
  kernel: readonly number[],
  attrs: { strides?: number[]; pads?: number[] },
): GradientCase => ({
  name,
  inputs: { ...picture, w: [3, 2, ...kernel], bias: [3] },
  build: (b, inputs) => b.op("Conv", inputs, { kernel_shape: kernel, ...attrs }),
});

export const basicCases: readonly GradientCase[] = [
  { name: "Add, stretched", inputs: stretched, build: (b, [a, c]) => b.add(a!, c!) },
  { name: "Sub, stretched", inputs: stretched, build: (b, [a, c]) => b.sub(a!, c!) },
  { name: "Mul, stretched", inputs: stretched, build: (b, [a, c]) => b.mul(a!, c!) },
  { name: "Mul by itself", inputs: { a: [3] }, build: (b, [a]) => b.mul(a!, a!) },
  { name: "Div, stretched", inputs: stretched, shift: 3, build: (b, [a, c]) => b.div(a!, c!) },
  { name: "Exp", inputs: { a: [4] }, build: (b, [a]) => b.exp(a!) },
  { name: "Log", inputs: { a: [4] }, shift: 2, build: (b, [a]) => b.op("Log", [a], {}) },
  { name: "Sqrt", inputs: { a: [4] }, shift: 2, build: (b, [a]) => b.sqrt(a!) },
  { name: "Reciprocal", inputs: { a: [4] }, shift: 2, build: (b, [a]) => b.op("Reciprocal", [a], {}) },
  { name: "Abs", inputs: { a: [6] }, build: (b, [a]) => b.op("Abs", [a], {}) },
  { name: "Neg", inputs: { a: [4] }, build: (b, [a]) => b.neg(a!) },
  { name: "Relu", inputs: { a: [8] }, build: (b, [a]) => b.relu(a!) },
  { name: "Sigmoid", inputs: { a: [4] }, build: (b, [a]) => b.op("Sigmoid", [a], {}) },
  { name: "Tanh", inputs: { a: [4] }, build: (b, [a]) => b.op("Tanh", [a], {}) },
  { name: "Softmax", inputs: { a: [2, 4] }, build: (b, [a]) => b.op("Softmax", [a], { axis: -1 }) },
  { name: "LogSoftmax", inputs: { a: [2, 4] }, build: (b, [a]) => b.op("LogSoftmax", [a], { axis: 1 }) },
  { name: "Where", inputs: pair, build: (b, [a, c]) => b.where(b.greater(a!, 0), b.mul(a!, 2), c!) },
  { name: "Identity", inputs: { a: [2] }, build: (b, [a]) => b.op("Identity", [a], {}) },
  {
    name: "MatMul, batched and stretched",
    inputs: { a: [2, 3, 4], c: [4, 5] },
    build: (b, [a, c]) => b.matmul(a!, c!),
  },
  ...[0, 1].flatMap((transA) =>
    [0, 1].map(
      (transB): GradientCase => ({
        name: `Gemm transA ${transA} transB ${transB}`,
        inputs: { a: transA ? [4, 2] : [2, 4], c: transB ? [3, 4] : [4, 3], bias: [3] },
        build: (b, [a, c, bias]) => b.gemm(a!, c!, { transA, transB, alpha: 0.5, beta: 2 }, bias),
      }),
    ),
  ),
  { name: "ReduceSum, kept", inputs: { a: [2, 3, 2] }, build: (b, [a]) => b.sum(a!, [1], 1) },
  { name: "ReduceSum of columns", inputs: { a: [9, 8, 3] }, build: (b, [a]) => b.sum(a!, [0, 1], 0) },
  { name: "ReduceSum, gone", inputs: { a: [2, 3, 2] }, build: (b, [a]) => b.sum(a!, [0, -1], 0) },
  { name: "ReduceMean", inputs: { a: [2, 3, 2] }, build: (b, [a]) => b.mean(a!, [0, 2], 0) },
  {
    name: "Reshape and Transpose",
    inputs: { a: [2, 6] },
    build: (b, [a]) => b.transpose(b.reshape(a!, [2, 3, 2]), [2, 0, 1]),
  },
  { name: "Flatten", inputs: { a: [2, 3, 2] }, build: (b, [a]) => b.op("Flatten", [a], { axis: 1 }) },
  { name: "Squeeze", inputs: { a: [2, 1, 3] }, build: (b, [a]) => b.op("Squeeze", [a, b.ints([1])], {}) },
  { name: "Unsqueeze", inputs: { a: [2, 3] }, build: (b, [a]) => b.op("Unsqueeze", [a, b.ints([1])], {}) },
  { name: "Expand", inputs: { a: [3, 1] }, build: (b, [a]) => b.op("Expand", [a, b.ints([2, 3, 4])], {}) },
  { name: "Concat", inputs: { a: [2, 3], c: [2, 2] }, build: (b, [a, c]) => b.concat([a!, c!], -1) },
  { name: "Pad", inputs: { a: [2, 3] }, build: (b, [a]) => b.pad(a!, [1, 0, 0, 2]) },
  conv("Conv 1x1", [1, 1], {}),
  conv("Conv 1x1, stride 2", [1, 1], { strides: [2, 2] }),
  conv("Conv 3x3, padded", [3, 3], { pads: [1, 1, 1, 1] }),
  conv("Conv 3x2, stride 2, uneven pads", [3, 2], { strides: [2, 2], pads: [0, 1, 1, 0] }),
  conv("Conv 3x3, stride 3, edges unread", [3, 3], { strides: [3, 3] }),
  {
    name: "Conv 3x3 by Winograd",
    inputs: { x: [2, 64, 4, 6], w: [64, 64, 3, 3], bias: [64] },
    build: (b, inputs) => b.op("Conv", inputs, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  },
  {
    name: "Conv 3x3 by Winograd, tiles beyond the map",
    inputs: { x: [1, 64, 7, 8], w: [64, 64, 3, 3], bias: [64] },
    build: (b, inputs) => b.op("Conv", inputs, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  },
  {
    name: "Conv 3x3 on a map of few pixels, some taps unread",
    inputs: { x: [2, 64, 2, 1], w: [65, 64, 3, 3], bias: [65] },
    build: (b, inputs) => b.op("Conv", inputs, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  },
  {
    name: "Conv of pictures, BatchNormalization and MaxPool, channels first",
    inputs: { x: [2, 3, 6, 7], w: [4, 3, 3, 3], bias: [4], scale: [4], shift: [4] },
    build: (b, [x, w, bias, scale, shift]) => {
      const y = b.op("Conv", [x, w, bias], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
      const statistics = [scale, shift, b.filled([4], 0), b.filled([4], 1)];
      const [normal] = b.ops("BatchNormalization", [y, ...statistics], { epsilon: 1e-3, training_mode: 1 }, 3);
      return b.op("MaxPool", [normal], { kernel_shape: [2, 2], strides: [2, 2] });
    },
  },
  {
    name: "Conv 1x1 that widens, and BatchNormalization",
    inputs: { x: [2, 2, 4, 3], w: [5, 2, 1, 1], bias: [5], scale: [5], shift: [5] },
    build: (b, [x, w, bias, scale, shift]) => {
      const z = b.op("Conv", [x, w, bias], { kernel_shape: [1, 1] });
      const statistics = [scale, shift, b.filled([5], 0), b.filled([5], 1)];
      return b.ops("BatchNormalization", [z, ...statistics], { epsilon: 1e-3, training_mode: 1 }, 3)[0]!;
    },
  },
  conv("Conv 1x1, padded", [1, 1], { pads: [1, 0, 0, 1] }),
  {
    name: "BatchNormalization, training",
    inputs: { ...picture, scale: [2], bias: [2] },
    build: (b, [x, scale, bias]) =>
      b.ops(
        "BatchNormalization",
        [x, scale, bias, b.filled([2], 0), b.filled([2], 1)],
        { epsilon: 1e-3, momentum: 0.9, training_mode: 1 },
        3,
      )[0]!,
  },
  {
    name: "BatchNormalization of vectors, training",
    inputs: { x: [5, 2], scale: [2], bias: [2] },
    build: (b, [x, scale, bias]) =>
      b.ops(
        "BatchNormalization",
        [x, scale, bias, b.filled([2], 0), b.filled([2], 1)],
        { epsilon: 1e-3, training_mode: 1 },
        3,
      )[0]!,
  },
  {
    name: "BatchNormalization, frozen",
    inputs: { ...picture, scale: [2], bias: [2] },
    build: (b, [x, scale, bias]) =>
      b.op("BatchNormalization", [x, scale, bias, b.filled([2], 0.1), b.filled([2], 2)], { epsilon: 1e-3 }),
  },
  {
    name: "MaxPool, overlapping",
    inputs: picture,
    build: (b, [x]) => b.op("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2] }),
  },
  {
    name: "MaxPool, windows apart",
    inputs: { x: [1, 2, 4, 4] },
    build: (b, [x]) => b.op("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] }),
  },
  {
    name: "AveragePool",
    inputs: picture,
    build: (b, [x]) => b.op("AveragePool", [x], { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 1, 0] }),
  },
  {
    name: "AveragePool, padding counted",
    inputs: picture,
    build: (b, [x]) => b.op("AveragePool", [x], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
  },
  { name: "Clip", inputs: { a: [8] }, build: (b, [a]) => b.op("Clip", [a, -0.5, 0.4], {}) },
  { name: "Elu", inputs: { a: [8] }, build: (b, [a]) => b.op("Elu", [a], { alpha: 0.7 }) },
  { name: "Erf", inputs: { a: [4] }, build: (b, [a]) => b.op("Erf", [a], {}) },
  { name: "HardSigmoid", inputs: { a: [8] }, build: (b, [a]) => b.op("HardSigmoid", [a], { alpha: 0.8, beta: 0.5 }) },
  { name: "LeakyRelu", inputs: { a: [8] }, build: (b, [a]) => b.op("LeakyRelu", [a], { alpha: 0.3 }) },
  {
    name: "PRelu, stretched",
    inputs: { a: [2, 3, 4], slope: [3, 1] },
    build: (b, inputs) => b.op("PRelu", inputs, {}),
  },
  { name: "Softplus", inputs: { a: [4] }, build: (b, [a]) => b.op("Softplus", [a], {}) },
  {
    name: "ThresholdedRelu",
    inputs: { a: [8] },
    shift: 0.3,
    build: (b, [a]) => b.op("ThresholdedRelu", [a], { alpha: 1.9 }),
  },
  {
    name: "ConvTranspose, stride 2, uneven pads",
    inputs: { x: [2, 3, 4, 3], w: [3, 2, 3, 2], bias: [2] },
    build: (b, inputs) =>
      b.op("ConvTranspose", inputs, {
        kernel_shape: [3, 2],
        strides: [2, 2],
        pads: [0, 0, 1, 0],
        output_padding: [0, 1],
      }),
  },
  { name: "GlobalAveragePool", inputs: picture, build: (b, [x]) => b.op("GlobalAveragePool", [x], {}) },
];
