import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import type { DataType } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { encode } from "../proto/encode.ts";
import { toFloat16 } from "./float16.ts";

const VOCABULARY = 5000;
const IDS = [0, 2047, 2049, 2051, 4097, 4999];

/** Rows of a table whose numbers float16 holds, [5000, 2]: which row it is shows. */
const rowOf = (id: number): number[] => [id % 64, Math.floor(id / 64)];

/** Rows of the table at the ids that `indices` makes of the input. */
function lookup(dtype: DataType, indices: (b: Builder, x: Value) => Value): Graph {
  const graph = new Graph("lookup");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype, shape: [IDS.length] });
  const table = floats([VOCABULARY, 2], Array.from({ length: VOCABULARY }, (_, id) => rowOf(id)).flat());
  const rows = b.gather(b.constant(table, "table"), indices(b, x), 0);
  graph.output("y", b.matmul(rows, b.constant(floats([2, 2], [1, 0, 0, 1]))));
  return graph;
}

async function outcome(graph: Graph, x: Tensor): Promise<number[]> {
  const session = await InferenceSession.create(encode(graph), { logSeverityLevel: 3 });
  const { y } = await session.run({ x });
  await session.release();
  return [...(y!.data as ArrayLike<number> & Iterable<number>)].map(Number);
}

const toInts = (b: Builder, x: Value): Value => b.op("Cast", [x], { to: "int32" });
const toFloats = (b: Builder, x: Value): Value => b.op("Cast", [x], { to: "float32" });

test.each<[string, DataType, (b: Builder, x: Value) => Value]>([
  ["float32 ids", "float32", toInts],
  ["ids computed in float32", "float32", (b, x) => toInts(b, b.reshape(b.sub(b.add(x, 3), 3), [IDS.length]))],
  ["integers that pass through float32", "int32", (b, x) => toInts(b, b.mul(toFloats(b, x), 1))],
  ["integers of 16 bits", "uint16", (b, x) => toInts(b, b.mul(toFloats(b, x), 1))],
])("%s of more than 2048 rows find their rows", async (_, dtype, indices) => {
  const { graph } = toFloat16(lookup(dtype, indices));
  const data = { float32: Float32Array, int32: Int32Array, uint16: Uint16Array }[dtype as "float32"].from(IDS);
  expect(await outcome(graph, new Tensor(dtype as "float32", data, [IDS.length]))).toEqual(IDS.flatMap(rowOf));
  expect(graph.order().find(({ op }) => op === "MatMul")!.output.type.dtype).toBe("float16");
});

test("an input of ids stays float32 whatever is asked", () => {
  const { graph } = toFloat16(lookup("float32", toInts), { keepIo: false });
  expect([graph.inputs[0]!.type.dtype, graph.outputs[0]!.value.type.dtype]).toEqual(["float32", "float16"]);
});

test("float32 numbers that are one in float16 are not equal", async () => {
  const graph = new Graph("equal");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [3] });
  graph.output("y", toFloats(b, b.op("Equal", [b.op("Identity", [x], {}), 2049], {})));
  expect(await outcome(toFloat16(graph).graph, new Tensor("float32", [2048, 2049, 2050], [3]))).toEqual([0, 1, 0]);
});

test("numbers that come out of weights are rounded all the same", () => {
  const graph = new Graph("codes");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [1, 2] });
  graph.output("y", toInts(b, b.relu(b.matmul(x, b.filled([2, 2], 0.5)))));
  expect(toFloat16(graph).report.kept.map(({ node }) => node)).toEqual(["Relu", "Cast"]);
});
