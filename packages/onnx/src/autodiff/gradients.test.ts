import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { TensorOf } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { translate } from "../lower/translation.ts";
import { type OpName, ops } from "../ops/index.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { run } from "../testing/run.ts";
import { gradients } from "./gradients.ts";
import { NoGradient, vjps } from "./vjps.ts";

interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** Moves the inputs from [-1, 1) to where the operator is defined and smooth. */
  readonly shift?: number;
  build(b: Builder, inputs: readonly Value[]): Value;
}

const pair = { a: [2, 3], c: [2, 3] };
const stretched = { a: [2, 3, 2], c: [3, 1] };
const picture = { x: [2, 2, 5, 6] };
const conv = (name: string, kernel: readonly number[], attrs: { strides?: number[]; pads?: number[] }): Case => ({
  name,
  inputs: { ...picture, w: [3, 2, ...kernel], bias: [3] },
  build: (b, inputs) => b.op("Conv", inputs, { kernel_shape: kernel, ...attrs }),
});

const cases: readonly Case[] = [
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
      (transB): Case => ({
        name: `Gemm transA ${transA} transB ${transB}`,
        inputs: { a: transA ? [4, 2] : [2, 4], c: transB ? [3, 4] : [4, 3], bias: [3] },
        build: (b, [a, c, bias]) => b.gemm(a!, c!, { transA, transB, alpha: 0.5, beta: 2 }, bias),
      }),
    ),
  ),
  { name: "ReduceSum, kept", inputs: { a: [2, 3, 2] }, build: (b, [a]) => b.sum(a!, [1], 1) },
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
    name: "Conv of pictures, BatchNormalization and MaxPool, channels first",
    inputs: { x: [2, 3, 6, 7], w: [4, 3, 3, 3], bias: [4], scale: [4], shift: [4] },
    build: (b, [x, w, bias, scale, shift]) => {
      const y = b.op("Conv", [x, w, bias], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
      const statistics = [scale, shift, b.filled([4], 0), b.filled([4], 1)];
      const [normal] = b.ops("BatchNormalization", [y, ...statistics], { epsilon: 1e-3, training_mode: 1 }, 3);
      return b.op("MaxPool", [normal], { kernel_shape: [2, 2], strides: [2, 2] });
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

/** loss = Σ weights · f(inputs), lowered for the CPU; with the gradient by every input beside it. */
function lossGraph({ name, inputs, build }: Case, next: () => number, differentiate: boolean): Graph {
  const graph = new Graph(name);
  const b = new Builder(graph);
  const values = Object.entries(inputs).map(([input, shape]) => graph.input(input, { dtype: "float32", shape }));
  const y = build(b, values);
  const loss = b.sum(b.mul(y, b.constant(randomTensor(next, y.shape as number[]))), [...y.shape.keys()], 0);
  graph.output("loss", loss);
  if (differentiate)
    for (const [i, gradient] of gradients(graph, loss, values).entries())
      graph.output(`d_${values[i]!.name}`, gradient);
  return translate(graph, cpuRules);
}

test.each(cases)("$name: gradients equal central differences", async (item) => {
  const next = randomStream(7);
  const point = Object.fromEntries(
    Object.entries(item.inputs).map(([name, dims]): [string, TensorOf<"float32">] => {
      const value = randomTensor(next, dims);
      return [name, { ...value, data: value.data.map((x) => x + (item.shift ?? 0)) }];
    }),
  );
  const seeded = () => randomStream(11);
  const outputs = await run(lossGraph(item, seeded(), true), point);
  const plain = lossGraph(item, seeded(), false);
  // A random direction for each input: (loss(x + h·v) - loss(x - h·v)) / 2h = gradient · v, up to h² and float32 rounding.
  const h = 2 ** -7;
  for (const [name, dims] of Object.entries(item.inputs)) {
    const direction = randomTensor(next, dims);
    const at = async (sign: number): Promise<number> => {
      const data = point[name]!.data.map((x, i) => x + sign * h * direction.data[i]!);
      return (await run(plain, { ...point, [name]: { ...point[name]!, data } })).loss![0]!;
    };
    const numeric = ((await at(1)) - (await at(-1))) / (2 * h);
    const gradient = outputs[`d_${name}`]!;
    expect(gradient).toHaveLength(sizeOf(dims));
    const symbolic = gradient.reduce((sum, g, i) => sum + g * direction.data[i]!, 0);
    expect(Math.abs(symbolic - numeric), `d ${name}: ${symbolic} and ${numeric}`).toBeLessThan(
      2e-3 * Math.max(1, Math.abs(numeric)),
    );
  }
});

test("every operator with a rule has a case here", () => {
  const tested = new Set(cases.flatMap((item) => [...lossBeforeLowering(item).order()].map((node) => node.op)));
  const untested = (Object.keys(ops) as OpName[]).filter((op) => !(vjps[op] instanceof NoGradient) && !tested.has(op));
  expect(untested).toEqual([]);
});

function lossBeforeLowering({ name, inputs, build }: Case): Graph {
  const graph = new Graph(name);
  const values = Object.entries(inputs).map(([input, shape]) => graph.input(input, { dtype: "float32", shape }));
  graph.output("y", build(new Builder(graph), values));
  return graph;
}

test("a bias before a batch normalization has no gradient", async () => {
  const next = randomStream(5);
  const graph = new Graph("biased");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [2, 2, 4, 4] });
  const bias = graph.input("bias", { dtype: "float32", shape: [3] });
  const y = b.op("Conv", [x, b.constant(randomTensor(next, [3, 2, 3, 3])), bias], { kernel_shape: [3, 3] });
  const statistics = [b.filled([3], 1), b.filled([3], 0), b.filled([3], 0), b.filled([3], 1)];
  const [normal] = b.ops("BatchNormalization", [y, ...statistics], { epsilon: 1e-3, training_mode: 1 }, 3);
  const loss = b.sum(b.mul(normal!, b.constant(randomTensor(next, [2, 3, 2, 2]))), [0, 1, 2, 3], 0);
  graph.output("loss", loss);
  graph.output("d_bias", gradients(graph, loss, [bias])[0]!);
  const lowered = translate(graph, cpuRules);
  const inputs = { x: randomTensor(next, [2, 2, 4, 4]), bias: randomTensor(next, [3]) };
  const moved = { ...inputs, bias: { ...inputs.bias, data: inputs.bias.data.map((value) => value + 1) } };
  const [here, there] = [await run(lowered, inputs), await run(lowered, moved)];
  expect([...here.d_bias!]).toEqual([0, 0, 0]);
  expect(Math.abs(here.loss![0]! - there.loss![0]!)).toBeLessThan(1e-5);
});

test("refusals name the operator and the reason", () => {
  const graph = new Graph("g");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [3] });
  const powered = b.sum(b.op("Pow", [x, 2], {}), [0], 0);
  expect(() => gradients(graph, powered, [x])).toThrow("g: Pow: Pow can't be differentiated: no rule is written yet");
  const other = graph.input("other", { dtype: "float32", shape: [3] });
  expect(() => gradients(graph, b.sum(x, [0], 0), [other])).toThrow(
    "the loss does not depend on a parameter (got other)",
  );
  expect(() => gradients(graph, x, [x])).toThrow("the loss is no scalar");
});
