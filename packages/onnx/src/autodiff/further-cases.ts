import type { Builder } from "../builder/builder.ts";
import { floats, integers, tensor } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import type { Attrs } from "../ops/index.ts";
import type { GradientCase } from "./basic-cases.ts";

const pair = { a: [2, 3], c: [2, 3] };
const stretched = { a: [2, 3, 2], c: [3, 1] };

const indexing: readonly GradientCase[] = [
  {
    name: "Gather of rows, some twice",
    inputs: { a: [4, 3] },
    build: (b, [a]) => b.gather(a!, b.constant(integers([2, 0, 2, 3], [2, 2])), 0),
  },
  {
    name: "Gather along a middle axis, from the end",
    inputs: { a: [2, 4, 3] },
    build: (b, [a]) => b.gather(a!, b.constant(tensor("int32", [3], Int32Array.of(1, -1, 1))), 1),
  },
  {
    name: "Gather of one",
    inputs: { a: [2, 4, 3] },
    build: (b, [a]) => b.gather(a!, b.constant(integers([2], [])), 1),
  },
  sliced("a piece", [1, 0], [3, 2], [0, -1]),
  sliced("every second", [1], [9], [1], [2]),
  sliced("every third, cut short", [0], [5], [1], [3]),
  sliced("backwards", [-1], [Number.MIN_SAFE_INTEGER], [1], [-1]),
  sliced("every second backwards", [3], [-9], [1], [-2]),
  {
    name: "Split, a piece unread",
    inputs: { a: [2, 6] },
    build(b, [a]) {
      const [first, , last] = b.ops("Split", [a, b.ints([2, 1, 3])], { axis: -1 }, 3);
      return b.concat([last!, b.mul(first!, first!)], 1);
    },
  },
  {
    name: "GatherND, some parts twice, from the end",
    inputs: { a: [3, 4, 2] },
    build: (b, [a]) => b.op("GatherND", [a, b.constant(integers([2, 1, 0, -1, 2, 1], [3, 2]))], {}),
  },
  {
    name: "GatherND in batches, by computed indices",
    inputs: { a: [2, 3, 2] },
    build: (b, [a]) =>
      b.op("GatherND", [a, b.op("Cast", [places(b, a!, [2, 1, 1])], { to: "int64" })], { batch_dims: 1 }),
  },
  {
    name: "ScatterElements written over, from the end",
    inputs: { a: [3, 4], c: [2, 4] },
    build: (b, [a, c]) =>
      b.op("ScatterElements", [a, b.constant(integers([0, 1, -1, 0, 1, 0, 0, 2], [2, 4])), c], { axis: 0 }),
  },
  {
    name: "ScatterElements added, by computed indices",
    inputs: { a: [3, 4], c: [3, 2] },
    build: (b, [a, c]) => b.op("ScatterElements", [a, places(b, c!, [3, 2]), c], { axis: -1, reduction: "add" }),
  },
  einsum("attention", "bqhd,bkhd->bhqk", [2, 3, 2, 2], [2, 4, 2, 2]),
  einsum("a batch in front, an axis summed alone", "...ab,bc->...c", [2, 3, 4], [4, 2]),
  {
    name: "TopK",
    inputs: { a: [3, 5] },
    build: (b, [a]) => b.ops("TopK", [a, b.ints([2])], { axis: -1 }, 2)[0]!,
  },
  {
    name: "CumSum",
    inputs: { a: [3, 4] },
    build: (b, [a]) => b.op("CumSum", [a, b.constant(integers([1], []))], { exclusive: 1 }),
  },
];

/** Indices -1 and 1, which nobody knows before the graph runs. */
const places = (b: Builder, x: Value, dims: readonly number[]): Value => {
  const count = dims.reduce((a, dim) => a * dim, 1);
  const ones = b.op("Cast", [b.greater(b.op("Slice", [b.reshape(x, [-1]), b.ints([0]), b.ints([count])], {}), 0)], {
    to: "int32",
  });
  const twice = b.add(ones, ones);
  return b.reshape(b.sub(twice, b.constant(tensor("int32", [], Int32Array.of(1)))), dims);
};

function einsum(what: string, equation: string, a: readonly number[], c: readonly number[]): GradientCase {
  return { name: `Einsum: ${what}`, inputs: { a, c }, build: (b, inputs) => b.op("Einsum", inputs, { equation }) };
}

function sliced(
  what: string,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[],
  steps?: readonly number[],
): GradientCase {
  return {
    name: `Slice: ${what}`,
    inputs: { a: [4, 5] },
    build: (b, [a]) => b.op("Slice", [a, ...[starts, ends, axes, ...(steps ? [steps] : [])].map(b.ints)], {}),
  };
}

const elementwise: readonly GradientCase[] = [
  { name: "MatMul, stretched in front", inputs: { a: [4, 3], c: [2, 3, 2] }, build: (b, [a, c]) => b.matmul(a!, c!) },
  { name: "Max, stretched", inputs: stretched, build: (b, [a, c]) => b.max(a!, c!) },
  { name: "Min, stretched", inputs: stretched, build: (b, [a, c]) => b.min(a!, c!) },
  { name: "Max of three", inputs: { ...pair, d: [2, 3] }, build: (b, inputs) => b.op("Max", inputs, {}) },
  { name: "Pow, stretched", inputs: stretched, shift: 2, build: (b, inputs) => b.op("Pow", inputs, {}) },
  { name: "Pow of negative numbers", inputs: { a: [5] }, build: (b, [a]) => b.op("Pow", [a, 3], {}) },
  {
    name: "ReduceMax",
    inputs: { a: [2, 3, 4] },
    build: (b, [a]) => b.op("ReduceMax", [a], { axes: [0, -1], keepdims: 0 }),
  },
  { name: "Gelu", inputs: { a: [6] }, build: (b, [a]) => b.op("Gelu", [a], {}) },
  { name: "Gelu by tanh", inputs: { a: [6] }, build: (b, [a]) => b.op("Gelu", [a], { approximate: "tanh" }) },
  { name: "Cast", inputs: { a: [3] }, build: (b, [a]) => b.op("Cast", [a], { to: "float32" }) },
  {
    name: "Cast of what is constant almost everywhere",
    inputs: { a: [6] },
    build: (b, [a]) => b.mul(a!, b.op("Cast", [b.greater(a!, 0.1)], { to: "float32" })),
  },
  { name: "HardSwish", inputs: { a: [6] }, build: (b, [a]) => b.op("HardSwish", [b.mul(a!, 5)], {}) },
];

const normalizations: readonly GradientCase[] = [
  {
    name: "LayerNormalization",
    inputs: { a: [3, 2, 4], scale: [2, 4], bias: [2, 4] },
    build: (b, inputs) => b.op("LayerNormalization", inputs, { axis: -2, epsilon: 1e-3 }),
  },
  {
    name: "InstanceNormalization",
    inputs: { a: [2, 3, 4, 2], scale: [3], bias: [3] },
    build: (b, inputs) => b.op("InstanceNormalization", inputs, { epsilon: 1e-3 }),
  },
];

const resized = (
  name: string,
  attrs: Omit<Attrs<"Resize">, "mode">,
  mode: string,
  to: readonly number[],
): GradientCase => ({
  name: `Resize ${mode} ${name}`,
  inputs: { a: [2, 2, 4, 3] },
  build: (b, [a]) => b.op("Resize", [a, undefined, undefined, b.ints([2, 2, ...to])], { mode, ...attrs }),
});

const halfPixel = { coordinate_transformation_mode: "half_pixel" } as const;
const resizings: readonly GradientCase[] = [
  resized("up", { ...halfPixel, nearest_mode: "round_prefer_ceil" }, "nearest", [8, 5]),
  resized("up", halfPixel, "linear", [8, 5]),
  resized("to corners", { coordinate_transformation_mode: "align_corners" }, "linear", [6, 6]),
  resized("up", { ...halfPixel, cubic_coeff_a: -0.5, exclude_outside: 1 }, "cubic", [7, 6]),
  {
    name: "Resize nearest by scales, channels last",
    inputs: { a: [2, 3, 2, 2] },
    build(b, [a]) {
      const attrs = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
      return b.op("Resize", [a, undefined, b.constant(floats([4], [1, 2, 3, 1]))], attrs);
    },
  },
];

type ConvAttrs = Omit<Attrs<"Conv">, "kernel_shape">;
const conv = (name: string, x: readonly number[], w: readonly number[], attrs: ConvAttrs): GradientCase => ({
  name: `Conv ${name}`,
  inputs: { x, w, bias: [w[0]!] },
  build: (b, inputs) => b.op("Conv", inputs, { kernel_shape: w.slice(2), ...attrs }),
});

const pool = (
  name: string,
  op: "MaxPool" | "AveragePool",
  x: readonly number[],
  attrs: Attrs<"AveragePool">,
): GradientCase => ({
  name: `${op} ${name}`,
  inputs: { x },
  build: (b: Builder, [value]: readonly Value[]) => b.op(op, [value], attrs),
});

const windows: readonly GradientCase[] = [
  conv("of sequences, stride 2", [2, 3, 7], [4, 3, 3], { strides: [2], pads: [1, 0] }),
  conv("of volumes", [1, 2, 4, 3, 3], [3, 2, 2, 2, 1], { strides: [2, 1, 1], pads: [0, 1, 0, 0, 0, 0] }),
  conv("dilated", [2, 2, 6, 5], [3, 2, 3, 2], { dilations: [2, 3], pads: [1, 1, 1, 1] }),
  conv("grouped, stride 2", [2, 4, 5, 4], [6, 2, 3, 3], { group: 2, strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv("depthwise, two filters a channel", [2, 3, 5, 4], [6, 1, 3, 2], { group: 3 }),
  {
    name: "ConvTranspose, grouped and dilated",
    inputs: { x: [2, 4, 3, 3], w: [4, 1, 2, 2], bias: [2] },
    build: (b, inputs) =>
      b.op("ConvTranspose", inputs, { kernel_shape: [2, 2], group: 2, strides: [2, 1], dilations: [1, 2] }),
  },
  pool("of sequences", "MaxPool", [1, 2, 7], { kernel_shape: [3], strides: [2], pads: [1, 1] }),
  pool("of volumes", "MaxPool", [1, 2, 4, 3, 4], { kernel_shape: [2, 2, 2], strides: [2, 1, 2] }),
  pool("uneven", "AveragePool", [2, 3, 7, 5], { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 0, 1] }),
  pool("of sequences", "AveragePool", [2, 3, 7], { kernel_shape: [3], strides: [2], pads: [1, 0] }),
  pool("of volumes, padding counted", "AveragePool", [1, 2, 4, 3, 4], {
    kernel_shape: [2, 2, 2],
    pads: [0, 1, 0, 0, 0, 1],
    count_include_pad: 1,
  }),
];

export const furtherCases: readonly GradientCase[] = [
  ...indexing,
  ...elementwise,
  ...normalizations,
  ...resizings,
  ...windows,
];
