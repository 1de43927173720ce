import onnxProto from "onnx-proto";
import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import { describe } from "./describe.ts";
import { encode } from "./encode.ts";

test("an encoded graph is described as it is", () => {
  const graph = new Graph("small");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: ["batch", 2] });
  graph.output("y", b.relu(b.matmul(x, graph.constant(floats([2, 3], [1, 2, 3, 4, 5, 6]), "w"))));
  expect(describe(encode(graph, { opset: 15, metadata: { author: "me" } }))).toEqual({
    name: "small",
    producer: "resonnx",
    irVersion: 8,
    opsets: { "": 15 },
    inputs: [{ name: "x", type: "float32", shape: ["batch", 2] }],
    outputs: [{ name: "y", type: "float32", shape: ["batch", 3] }],
    nodes: 2,
    ops: { MatMul: 1, Relu: 1 },
    parameters: 6,
    metadata: { author: "me" },
  });
});

test("operators without a rule and weights listed as inputs are fine", () => {
  const { ModelProto } = onnxProto.onnx;
  const bytes = ModelProto.encode({
    irVersion: 3,
    opsetImport: [{ version: 8 }, { domain: "com.example", version: 1 }],
    graph: {
      node: [{ opType: "Magic", domain: "com.example" }, { opType: "Relu" }, { opType: "Relu" }],
      input: [{ name: "x" }, { name: "w" }],
      initializer: [{ name: "w", dims: [4, 5], dataType: 1 }],
    },
  }).finish();
  expect(describe(bytes)).toMatchObject({
    opsets: { "": 8, "com.example": 1 },
    inputs: [{ name: "x" }],
    ops: { Relu: 2, "com.example.Magic": 1 },
    parameters: 20,
  });
});

test.each([[Uint8Array.of(255, 255)], [new Uint8Array()]])("%j is no model", (bytes) => {
  expect(() => describe(bytes, "a.onnx")).toThrow(/^a\.onnx: not an ONNX model/);
});
