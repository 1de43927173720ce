import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { integers, tensor } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { encode } from "../proto/encode.ts";

type Build = (b: Builder, x: Value) => readonly Value[];

/** onnxruntime's shapes of what the graph gives for an x of zeros are the inferred ones. */
async function expectShapes(shape: readonly number[], build: Build): Promise<void> {
  const graph = new Graph("g");
  const x = graph.input("x", { dtype: "float32", shape });
  const outputs = build(new Builder(graph), x);
  for (const [i, value] of outputs.entries()) graph.output(`y${i}`, value);
  const session = await InferenceSession.create(encode(graph), { logSeverityLevel: 3 });
  const size = shape.reduce((a, dim) => a * dim, 1);
  const got = await session.run({ x: new Tensor("float32", new Float32Array(size), shape) });
  await session.release();
  expect(Object.values(got).map(({ dims }) => dims)).toEqual(outputs.map((value) => value.shape));
}

const gates = { RNN: 1, GRU: 3, LSTM: 4 } as const;
const HIDDEN = 3;

describe.each(Object.entries(gates) as [keyof typeof gates, number][])("%s", (op, count) => {
  const weights = (b: Builder, directions: number) => [
    b.filled([directions, count * HIDDEN, 2], 0.5),
    b.filled([directions, count * HIDDEN, HIDDEN], 0.5),
    b.filled([directions, 2 * count * HIDDEN], 0.5),
  ];
  const outputs = op === "LSTM" ? 3 : 2;

  test.each(["forward", "reverse", "bidirectional"])("%s", (direction) =>
    expectShapes([4, 5, 2], (b, x) => {
      const directions = direction === "bidirectional" ? 2 : 1;
      const lengths = b.constant(tensor("int32", [5], Int32Array.of(4, 0, 1, 2, 3)));
      const initial = new Array<Value>(outputs - 1).fill(b.filled([directions, 5, HIDDEN], 1));
      const inputs = [x, ...weights(b, directions), lengths, ...initial];
      return b.ops(op, inputs, { hidden_size: HIDDEN, direction }, outputs);
    }),
  );

  test("weights of other sizes are refused", () => {
    const graph = new Graph("g");
    const b = new Builder(graph);
    const x = graph.input("x", { dtype: "float32", shape: ["time", "batch", 4] });
    expect(() => b.ops(op, [x, ...weights(b, 1)], { hidden_size: HIDDEN }, outputs)).toThrow("w has another shape");
    const narrow = graph.input("n", { dtype: "float32", shape: [2, 4] });
    expect(() => b.ops(op, [narrow, ...weights(b, 1)], { hidden_size: HIDDEN }, outputs)).toThrow("rank 2");
  });
});

test("TopK, CumSum and GatherND", () =>
  expectShapes([2, 5, 3], (b, x) => {
    const [values, order] = b.ops("TopK", [x, b.ints([2])], { axis: 1 }, 2);
    const indices = b.constant(integers([0, 4, 1, 1], [2, 2, 1]));
    const axis = b.constant(integers([1], []));
    return [values!, order!, b.op("CumSum", [x, axis], {}), b.op("GatherND", [x, indices], { batch_dims: 1 })];
  }));

test("GatherND: tuples longer than the axes are refused", () => {
  const graph = new Graph("g");
  const x = graph.input("x", { dtype: "float32", shape: [2, 3] });
  const indices = graph.constant(integers([0, 0, 0], [1, 3]));
  expect(() => graph.op("GatherND", [x, indices], {})).toThrow("index tuples of another length");
});
