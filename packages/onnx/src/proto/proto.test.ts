import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { Builder, decode, encode, floats, Graph, print } from "../index.ts";

/** relu(x · w + b) with a constant w, under the output name "y". */
function dense(): Graph {
  const graph = new Graph("dense");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 2] });
  const w = graph.constant(floats([2, 3], [1, 2, 3, 4, 5, 6]), "w");
  graph.output("y", b.relu(b.add(b.matmul(x, w), graph.constant(floats([3], [-10, 0, 1]), "b"))));
  return graph;
}

test("onnxruntime computes what the graph says", async () => {
  const session = await InferenceSession.create(encode(dense()));
  const { y } = await session.run({ x: new Tensor("float32", [1, 1, 2, 0], [2, 2]) });
  expect([...(y!.data as Float32Array)]).toEqual([0, 7, 10, 0, 4, 7]);
});

test("a file read back prints as the graph that was written", () => {
  const graph = dense();
  expect(print(decode(encode(graph)))).toBe(print(graph));
});

test("weights read from a Buffer that begins anywhere", () => {
  const bytes = encode(dense());
  for (const offset of [0, 1, 2, 3]) {
    const inside = Buffer.alloc(bytes.length + 4);
    inside.set(bytes, offset);
    expect(print(decode(inside.subarray(offset, offset + bytes.length)))).toBe(print(dense()));
  }
});

test("an output that is an input, or named twice, is copied", async () => {
  const graph = new Graph("copies");
  const x = graph.input("x", { dtype: "float32", shape: [2] });
  const y = new Builder(graph).relu(x);
  graph.output("same", x);
  graph.output("y1", y);
  graph.output("y2", y);
  const session = await InferenceSession.create(encode(graph));
  const outputs = await session.run({ x: new Tensor("float32", [-1, 2], [2]) });
  expect(
    Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, [...(value.data as Float32Array)]])),
  ).toEqual({ same: [-1, 2], y1: [0, 2], y2: [0, 2] });
});

test("shapes follow through symbolic sizes", () => {
  const graph = new Graph();
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 4, 4, 6] });
  expect(b.reshape(x, [-1, 96]).shape).toEqual(["batch", 96]);
  expect(b.reshape(x, [0, -1, 3]).shape).toEqual(["batch", 32, 3]);
  expect(b.op("Flatten", [x], { axis: 1 }).shape).toEqual(["batch", 96]);
  expect(b.transpose(x, [0, 3, 1, 2]).shape).toEqual(["batch", 6, 4, 4]);
  expect(b.add(x, b.filled([6], 1)).shape).toEqual(["batch", 4, 4, 6]);
});

test.each([
  ["a picture", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70])],
  ["nothing", new Uint8Array()],
  ["half a file", encode(dense()).slice(0, 60)],
])("%s is refused with bad-input", (_, bytes) => {
  expect(() => decode(bytes, "m.onnx")).toThrow(expect.objectContaining({ code: "bad-input" }));
});

test("a shape rule names graph, node, got and wanted", () => {
  const graph = new Graph("g");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [2, 3] });
  expect(() => b.op("MatMul", [x, x], {}, "dense_1")).toThrow("g: dense_1: MatMul: inner sizes differ (got 3 and 2)");
});

test("operators of a step graph never reach a file", () => {
  const graph = new Graph("g");
  const x = graph.input("x", { dtype: "float32", shape: [2] });
  graph.output("y", graph.op("ReluGrad", [x, x], {}));
  expect(() => encode(graph)).toThrow("ReluGrad is not an ONNX operator");
});
