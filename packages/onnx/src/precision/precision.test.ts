import { describe, expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import { encode } from "../proto/encode.ts";
import { graphOf, opsOf } from "../testing/pass.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { maxDifference, run } from "../testing/run.ts";
import { Calibration, calibrationGraph } from "./calibrate.ts";
import { toFloat16 } from "./float16.ts";
import { halfBits } from "./half.ts";
import { quantizableValues, quantizeStatically } from "./static-int8.ts";
import { quantizeGraphWeights } from "./weights.ts";

const SHAPE = [2, 3, 8, 8];
/** Conv, Relu, a residual Add, pooling, a dense head: what quantization and float16 meet in a ResNet. */
function network(): Graph {
  const next = randomStream(11);
  const small = (dims: readonly number[]) =>
    floats(
      dims,
      randomTensor(next, dims).data.map((value) => value * 0.2),
    );
  return graphOf(SHAPE, (b, x) => {
    const conv = (x: Parameters<typeof b.relu>[0], from: number, name: string) =>
      b.op(
        "Conv",
        [x, b.constant(small([16, from, 3, 3]), `${name}.w`), b.constant(small([16]), `${name}.b`)],
        { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
        name,
      );
    const first = b.relu(conv(x, 3, "c1"));
    const second = b.relu(b.add(conv(first, 16, "c2"), first));
    const flat = b.op("Flatten", [b.op("GlobalAveragePool", [second], {})], { axis: 1 });
    const dense = b.op("Gemm", [flat, b.constant(small([16, 20]), "d.w"), b.constant(small([20]), "d.b")], {}, "d");
    return b.op("Softmax", [dense], { axis: -1 });
  });
}
const x = randomTensor(randomStream(4), SHAPE);

describe("float16", () => {
  test.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [Number.NaN, 0x7e00],
    [0, 0],
    [-0, 0x8000],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1.5 * 2 ** -24, 2],
    [2 ** -14, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [0.1, 0x2e66],
  ])("%d is 0x%i", (value, bits) => {
    expect(halfBits(Float32Array.of(value))[0]).toBe(bits);
  });

  test("weights and arithmetic in float16, inputs and outputs as they were", async () => {
    const source = network();
    const { graph, report } = toFloat16(source);
    expect(report.kept).toEqual([]);
    expect(opsOf(graph).filter((op) => op === "Cast")).toHaveLength(2);
    expect(graph.inputs[0]!.type.dtype).toBe("float32");
    expect(encode(graph).length).toBeLessThan(encode(source).length * 0.65);
    expect(maxDifference((await run(graph, { x })).y0!, (await run(source, { x })).y0!)).toBeLessThan(2e-3);
  });

  test("float16 inputs and outputs when asked", () => {
    const { graph } = toFloat16(network(), { keepIo: false });
    expect(opsOf(graph)).not.toContain("Cast");
    expect([graph.inputs[0]!.type.dtype, graph.outputs[0]!.value.type.dtype]).toEqual(["float16", "float16"]);
  });

  test("what is out of range stays float32, and only that", async () => {
    const source = graphOf([2, 3], (b, x) => {
      const masked = b.add(b.relu(x), b.filled([3], -1e9));
      return b.op("Tanh", [b.exp(b.op("Softmax", [masked], { axis: -1 }))], {});
    });
    const { graph, report } = toFloat16(source);
    expect(report.kept).toEqual([
      { node: "Add", reason: "a constant is out of float16's range" },
      { node: "Exp", reason: "its results leave float16's range easily" },
    ]);
    const x = randomTensor(randomStream(1), [2, 3]);
    expect(maxDifference((await run(graph, { x })).y0!, (await run(source, { x })).y0!)).toBeLessThan(2e-3);
  });
});

describe("int8", () => {
  test("weights: a quarter of the size, numbers close", async () => {
    const [source, graph] = [network(), network()];
    expect(quantizeGraphWeights(graph).size).toBe(3);
    expect(opsOf(graph).filter((op) => op === "DequantizeLinear")).toHaveLength(3);
    expect(encode(graph).length).toBeLessThan(encode(source).length * 0.45); // names and biases weigh here
    expect(maxDifference((await run(graph, { x })).y0!, (await run(source, { x })).y0!)).toBeLessThan(5e-3);
  });

  test.each(["minmax", "percentile"] as const)(
    "activations by %s: int8 between the operators, numbers close",
    async (method) => {
      const [source, graph] = [network(), network()];
      const calibrated = calibrationGraph(graph);
      const calibration = new Calibration(calibrated.outputs.length, { method });
      const outputs = await run(calibrated, { x });
      calibration.add(Object.fromEntries(Object.entries(outputs).map(([name, data]) => [name, { data }])));
      quantizeStatically(graph, calibration.ranges());
      expect(quantizableValues(source)).toHaveLength(5);
      expect(opsOf(graph).filter((op) => op === "QuantizeLinear")).toHaveLength(5);
      // weights, biases, and one for each reader of the five activations
      expect(opsOf(graph).filter((op) => op === "DequantizeLinear")).toHaveLength(3 + 3 + 6);
      expect(maxDifference((await run(graph, { x })).y0!, (await run(source, { x })).y0!)).toBeLessThan(0.02);
    },
  );

  test("small weights and a weight of zeros", async () => {
    const graph = new Graph("g");
    const b = new Builder(graph);
    const x = graph.input("x", { dtype: "float32", shape: [1, 32] });
    graph.output("y", b.matmul(b.matmul(x, b.filled([32, 32], 0)), b.filled([32, 4], 1)));
    quantizeGraphWeights(graph);
    expect(opsOf(graph)).toEqual(["DequantizeLinear", "MatMul", "MatMul"]);
    const { y } = await run(graph, { x: randomTensor(randomStream(1), [1, 32]) });
    expect([...y!]).toEqual([0, 0, 0, 0]);
  });

  test.each([
    ["no sample", () => new Calibration(1).ranges(), "no sample was given"],
    ["a missing output", () => new Calibration(1).add({}), 'gave no float32 "calibration:0"'],
    ["NaN", () => new Calibration(1).add({ "calibration:0": { data: Float32Array.of(1, Number.NaN) } }), "not finite"],
    ["a percentile of 10", () => new Calibration(1, { percentile: 10 }), "above 50"],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
