import { expect, test } from "vitest";
import { graphOf } from "../testing/pass.ts";
import { webgpuReport } from "./report.ts";

test("names the nodes that WebGPU leaves to the CPU, and why", () => {
  const graph = graphOf([2, 3, 4, 4], (b, x) => {
    const pooled = b.ops("MaxPool", [x], { kernel_shape: [2, 2] }, 2, "pool")[1]!;
    const best = b.op("ArgMax", [b.op("LogSoftmax", [b.relu(x)], { axis: 1 }, "log")], { axis: 1, keepdims: 0 });
    return [pooled, b.op("Neg", [best], {}, "minus")];
  });
  expect(webgpuReport(graph)).toEqual([
    { node: "pool", op: "MaxPool", reason: "the Indices output is not supported" },
    { node: "log", op: "LogSoftmax", reason: "the provider has no kernel for this operator" },
    { node: "minus", op: "Neg", reason: "the provider has no kernel for int64" },
  ]);
});

test("a plain network runs without falling back", () => {
  const graph = graphOf([2, 3, 4, 4], (b, x) => {
    const conv = b.op("Conv", [x, b.filled([4, 3, 1, 1], 1)], { kernel_shape: [1, 1] });
    return b.op("Softmax", [b.op("Flatten", [b.relu(conv)], { axis: 1 })], { axis: -1 });
  });
  expect(webgpuReport(graph)).toEqual([]);
});
