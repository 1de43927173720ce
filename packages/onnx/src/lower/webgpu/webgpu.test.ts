import { expect, test } from "vitest";
import { Builder } from "../../builder/builder.ts";
import { Graph } from "../../ir/graph.ts";
import { type TensorOf, tensor } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import { randomStream, randomTensor } from "../../testing/random.ts";
import { maxDifference, run } from "../../testing/run.ts";
import { webgpuReport } from "../../webgpu/report.ts";
import { cpuRules } from "../cpu/cpu.ts";
import { translate } from "../translation.ts";
import { webgpuRules } from "./webgpu.ts";

interface Case {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly build: (b: Builder, inputs: Readonly<Record<string, Value>>) => Value | readonly Value[];
  /** Small whole numbers, so that maxima are not unique. */
  readonly ties?: true;
}

const pool = (
  shape: readonly number[],
  attrs: { kernel_shape: number[]; strides?: number[]; pads?: number[] },
): Case => {
  const [n, c] = shape as [number, number];
  const out = shape.slice(2).map((size, i) => {
    const pads = (attrs.pads?.[i] ?? 0) + (attrs.pads?.[i + 2] ?? 0);
    return Math.floor((size + pads - attrs.kernel_shape[i]!) / (attrs.strides?.[i] ?? 1)) + 1;
  });
  return {
    inputs: { x: shape, dy: [n, c, ...out] },
    ties: true,
    build: (b, { x, dy }) => {
      const y = b.op("MaxPool", [x], attrs);
      return [y, b.op("MaxPoolGrad", [dy, x, y], attrs)];
    },
  };
};

const conv = (x: readonly number[], w: readonly number[], dy: readonly number[], attrs: object): Case => ({
  inputs: { x, w, dy },
  build: (b, { x, w, dy }) => {
    const all = { kernel_shape: w!.shape.slice(2) as number[], ...attrs };
    return [b.op("Conv", [x, w], all), b.op("ConvInputGrad", [dy, w, x], all), b.op("ConvKernelGrad", [dy, x, w], all)];
  },
});

const transposed = (x: readonly number[], w: readonly number[], attrs: object): Case => ({
  inputs: { x, w, bias: [6] },
  build: (b, { x, w, bias }) => {
    const all = { kernel_shape: w!.shape.slice(2) as number[], ...attrs };
    return [b.op("ConvTranspose", [x, w, bias], all), b.op("ConvTranspose", [x, w], all)];
  },
});

const cases: Record<string, Case> = {
  "max pooling 3x3/2, overlapping windows": pool([2, 3, 7, 9], { kernel_shape: [3, 3], strides: [2, 2] }),
  "max pooling 2x3 of windows apart": pool([2, 3, 4, 9], { kernel_shape: [2, 3], strides: [2, 3] }),
  "max pooling 2x2/2 of an odd picture": pool([2, 3, 5, 7], { kernel_shape: [2, 2], strides: [2, 2] }),
  "max pooling with padding": pool([2, 3, 6, 5], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 0, 1, 1] }),
  "max pooling with strides beyond the kernel": pool([1, 2, 7, 8], { kernel_shape: [2, 2], strides: [3, 3] }),
  "max pooling 3x2, stride 1": pool([1, 2, 4, 4], { kernel_shape: [3, 2] }),
  "average pooling": {
    inputs: { x: [2, 3, 4, 6], dy: [2, 3, 2, 3] },
    build: (b, { x, dy }) => b.op("AveragePoolGrad", [dy, x], { kernel_shape: [2, 2], strides: [2, 2] }),
  },
  "convolution 3x3": conv([2, 3, 5, 4], [6, 3, 3, 3], [2, 6, 5, 4], { pads: [1, 1, 1, 1] }),
  "convolution 1x1, stride 2": conv([2, 3, 5, 4], [6, 3, 1, 1], [2, 6, 3, 2], { strides: [2, 2] }),
  "a convolution that takes Winograd's form on the CPU": conv([1, 64, 4, 4], [64, 64, 3, 3], [1, 64, 4, 4], {
    pads: [1, 1, 1, 1],
  }),
  "a transposed convolution of pictures, as it is": transposed([2, 3, 4, 5], [3, 6, 3, 3], { strides: [2, 2] }),
  "a transposed convolution of volumes": transposed([2, 3, 2, 3, 4], [3, 6, 2, 3, 2], {}),
  "a transposed convolution of volumes, uneven in everything": transposed([2, 4, 2, 3, 4], [4, 3, 3, 2, 3], {
    group: 2,
    strides: [2, 3, 1],
    pads: [1, 0, 1, 0, 1, 2],
    dilations: [1, 2, 2],
    output_padding: [1, 2, 0],
  }),
  "batch normalization": {
    inputs: { x: [5, 4, 3, 7], dy: [5, 4, 3, 7], scale: [4], bias: [4], mean: [4], variance: [4] },
    build: (b, { x, dy, scale, bias, mean, variance }) => [
      ...b.ops("BatchNormalization", [x, scale, bias, mean, variance], { epsilon: 1e-3, training_mode: 1 }, 3),
      ...b.ops("BatchNormGrad", [dy, x, scale], { epsilon: 1e-3 }, 3),
    ],
  },
  "log softmax along a moved axis": {
    inputs: { x: [2, 5, 3] },
    build: (b, { x }) => b.op("LogSoftmax", [b.transpose(x!, [0, 2, 1])], { axis: -1 }),
  },
  "the gradient of relu": {
    inputs: { dy: [2, 5], y: [2, 5] },
    build: (b, { dy, y }) => b.op("ReluGrad", [dy, y], {}),
  },
};

const wholeNumbers = ({ dims, data }: TensorOf<"float32">): TensorOf<"float32"> =>
  tensor(
    "float32",
    dims,
    data.map((value) => Math.round(2 * value)),
  );

test.each(Object.entries(cases))("%s: as lowered for the CPU", async (_, { inputs, build, ties }) => {
  const graph = new Graph("case");
  const declared = Object.entries(inputs).map(
    ([name, shape]) => [name, graph.input(name, { dtype: "float32", shape })] as const,
  );
  const outputs = [build(new Builder(graph), Object.fromEntries(declared))].flat();
  for (const [i, output] of outputs.entries()) graph.output(`y${i}`, output);
  const next = randomStream(7);
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, dims]) => {
      const value = randomTensor(next, dims);
      return [name, ties && name === "x" ? wholeNumbers(value) : value];
    }),
  );
  const lowered = translate(graph, webgpuRules);
  expect(webgpuReport(lowered)).toEqual([]);
  const [theirs, ours] = [await run(translate(graph, cpuRules), feeds), await run(lowered, feeds)];
  for (const [i, output] of outputs.entries()) {
    expect(ours[`y${i}`]).toHaveLength(sizeOf(output.shape as number[]));
    expect(maxDifference(ours[`y${i}`]!, theirs[`y${i}`]!), `y${i}`).toBeLessThan(1e-4);
  }
});
