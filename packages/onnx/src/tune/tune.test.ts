import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { integers } from "../ir/tensor.ts";
import type { Dim } from "../ir/types.ts";
import { print } from "../print.ts";
import { encode } from "../proto/encode.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";
import { OnnxModel } from "./onnx-model.ts";

/** A network as PyTorch writes them: batch normalization, weights shared by Identity, a flattening that computes its shape. */
function network(batch: Dim, shape: "computed" | "constant"): Uint8Array {
  const next = randomStream(4);
  const graph = new Graph("net");
  const b = new Builder(graph);
  const weight = (name: string, ...dims: number[]) => b.constant(randomTensor(next, dims), name);
  const x = graph.input("x", { dtype: "float32", shape: [batch, 3, 4, 4] });
  const scale = weight("bn1.weight", 2);
  const copied = b.op("Identity", [scale], {});
  copied.name = "bn2.weight";
  const positive = b.op("Abs", [weight("bn1.variance", 2)], {});
  const normal = (value: typeof x, gain: typeof x) =>
    b.op("BatchNormalization", [value, gain, b.filled([2], 0), b.filled([2], 0), positive], { epsilon: 0.1 });
  const conv = b.op("Conv", [x, weight("conv.weight", 2, 3, 1, 1), weight("conv.bias", 2)], { kernel_shape: [1, 1] });
  const features = b.op("GlobalAveragePool", [normal(b.relu(normal(conv, scale)), copied)], {}, "pool");
  const size = b.op(
    "Unsqueeze",
    [b.op("Gather", [b.op("Shape", [features], {}), b.constant(integers([0], []))], { axis: 0 }), b.ints([0])],
    {},
  );
  const wanted = shape === "computed" ? b.op("Concat", [size, b.ints([-1])], { axis: 0 }) : b.ints([Number(batch), -1]);
  const flat = b.op("Reshape", [features, wanted], {});
  graph.output("y", b.op("Add", [b.op("MatMul", [flat, weight("fc.weight", 2, 3)], {}), weight("fc.bias", 3)], {}));
  return encode(graph);
}

test("weights go by their names, biases and copies among them; settings are none", () => {
  const model = new OnnxModel(network("n", "computed"));
  expect(model.weightNames).toEqual(["conv.weight", "conv.bias", "fc.weight", "fc.bias"]);
  const whole = new OnnxModel(network("n", "computed"), { batchNorm: "train" });
  expect(whole.weightNames).toContain("bn1.weight");
  expect(whole.weightNames).toContain("bn2.weight");
});

test.each([
  ["n", "computed"],
  [1, "constant"],
] as const)("a file of batch %s, its shape %s, is built for any batch", async (batch, shape) => {
  const bytes = network(batch, shape);
  const { graph, parameters } = new OnnxModel(bytes).forward({ training: false, batchSize: 3 });
  expect(graph.outputs[0]!.value.shape).toEqual([3, 3]);
  expect(print(graph)).not.toContain("Shape");
  const x = randomTensor(randomStream(9), [3, 3, 4, 4]);
  const weights = Object.fromEntries(parameters.map(({ name, data }) => [name, data]));
  const got = await run(graph, { x, ...weights });
  const one = new OnnxModel(bytes).forward({ training: false, batchSize: 1 }).graph;
  for (let row = 0; row < 3; row++) {
    const alone = { dtype: "float32", dims: [1, 3, 4, 4], data: x.data.subarray(48 * row, 48 * (row + 1)) } as const;
    const { y } = await run(one, { x: alone, ...weights });
    expect(maxDifference(y!, got.y!.subarray(3 * row, 3 * row + 3))).toBeLessThan(1e-6);
  }
});

test("a new head reads what the last product read, or a named value, and the rest of the old one goes", () => {
  const head = { classes: 4, kernel: (inputs: number, classes: number) => new Float32Array(inputs * classes) };
  const model = new OnnxModel(network("n", "computed"), { head });
  expect(model.weightNames).toEqual(["conv.weight", "conv.bias", "head/kernel", "head/bias"]);
  const { outputs } = model.forward({ training: true, batchSize: 2 });
  expect(outputs.map(({ name, value }) => [name, value.shape])).toEqual([["y", [2, 4]]]);
  expect(new OnnxModel(network("n", "computed"), { head: { ...head, cut: "pool" } }).weightNames).toHaveLength(4);
});

test("a model without weights is refused", () => {
  const graph = new Graph("bare");
  const b = new Builder(graph);
  graph.output("y", b.relu(graph.input("x", { dtype: "float32", shape: ["n", 2] })));
  expect(() => new OnnxModel(encode(graph), { where: "bare.onnx" })).toThrow(
    "bare.onnx: has no float32 weights to train",
  );
});
