import { Builder, decode, encode, floats, Graph, type Value } from "@resonnx/onnx";
import { Tensor, type Tensors } from "@resonnx/runtime";
import { describe, expect, test } from "vitest";
import type { Backend } from "./backend.ts";
import { checkParity } from "./check.ts";
import { firstDifference } from "./first-difference.ts";
import { htmlReport } from "./report.ts";
import { summarize } from "./result.ts";
import { TOLERANCES } from "./tolerance.ts";

/** ((x + 1) * 2 + x) * 0, so that the output hides what went wrong before. */
function chain(batch: string | number = "n"): Uint8Array {
  const graph = new Graph("chain");
  const g = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [batch, 2] });
  const first = graph.op("Add", [x, g.constant(floats([2], [1, 1]))], {}, "first");
  const second = graph.op("Mul", [first, g.constant(floats([2], [2, 2]))], {}, "second");
  const third = graph.op("Add", [second, x], {}, "third");
  graph.output("y", graph.op("Mul", [third, g.constant(floats([2], [0, 0]))], {}, "fourth"));
  return encode(graph);
}

/** Computes Add and Mul as ONNX says, with an error of 0.5 in one node if wanted. */
function interpreter(name: string, wrong?: string): Backend & { readonly batches: number[] } {
  const batches: number[] = [];
  const run = async (model: Uint8Array, { x }: Tensors): Promise<Tensors> => {
    const graph = decode(model);
    batches.push(x!.dims[0]!);
    const known = new Map<Value, Float32Array>([[graph.inputs[0]!, x!.data as Float32Array]]);
    const read = (value: Value | undefined) => known.get(value!) ?? (value!.constant!.data as Float32Array);
    for (const node of graph.order()) {
      const [a, b] = node.inputs.map(read);
      const error = node.name === wrong ? 0.5 : 0;
      const apply = (u: number, v: number) => (node.op === "Add" ? u + v : u * v) + error;
      known.set(
        node.output,
        a!.map((value, i) => apply(value, b![i % b!.length]!)),
      );
    }
    return Object.fromEntries(
      graph.outputs.map((output) => [output.name, new Tensor("float32", known.get(output.value)!, x!.dims)]),
    );
  };
  const open = async (model: Uint8Array) => ({ run: (inputs: Tensors) => run(model, inputs), close: async () => {} });
  return { name, tolerance: TOLERANCES.cpu, open, batches };
}

const inputs = { x: new Tensor("float32", Float32Array.of(1, 2, 3, 4), [2, 2]) };
const reference = interpreter("reference");

describe("firstDifference", () => {
  test.each([
    ["first", 1, "Add"],
    ["second", 2, "Mul"],
    ["third", 3, "Add"],
    ["fourth", 4, "Mul"],
  ])("names node %s", async (node, position, op) => {
    const found = await firstDifference({ model: chain(), inputs, reference, backend: interpreter("wrong", node) });
    expect(found).toMatchObject({ node, position, op, nodes: 4, comparison: { maxAbs: 0.5, agree: false } });
  });

  test("is null when everything agrees", async () => {
    expect(await firstDifference({ model: chain(), inputs, reference, backend: interpreter("same") })).toBeNull();
  });

  test("runs one row where the batch is free, and all where it is fixed", async () => {
    const free = interpreter("free");
    await firstDifference({ model: chain(), inputs, reference, backend: free });
    const fixed = interpreter("fixed");
    await firstDifference({ model: chain(2), inputs, reference, backend: fixed });
    expect([free.batches, fixed.batches]).toEqual([[1], [2]]);
  });

  test("an abort and a file that is no model are typed errors", async () => {
    const backend = interpreter("same");
    const stopped = firstDifference({ model: chain(), inputs, reference, backend, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    const broken = firstDifference({ model: Uint8Array.of(1, 2, 3), inputs, reference, backend });
    await expect(broken).rejects.toMatchObject({ code: "bad-input" });
  });
});

describe("checkParity with a reference for nodes", () => {
  const check = (backend: Backend, nodeReference: Backend) =>
    checkParity({ model: chain(), cases: [{ name: "two", inputs }], reference, backends: [backend], nodeReference });

  test("names the node, in the result, its summary and the report", async () => {
    const result = await check(interpreter("wrong", "fourth"), interpreter("nodes"));
    const text = expect.stringMatching(/^parts from nodes at node 4 of 4, Mul fourth: element 0 is 0\.5/);
    const found = { reference: "nodes", node: "fourth", op: "Mul", output: "y", position: 4, nodes: 4, text };
    expect(summarize(result).backends).toMatchObject([{ status: "differs", firstDifference: found }]);
    expect(htmlReport(result)).toContain("parts from nodes at node 4 of 4, Mul fourth");
  });

  test("runs nothing more when all agree, and stays quiet when the search fails", async () => {
    const nodes = interpreter("nodes");
    const agreeing = await check(interpreter("same"), nodes);
    expect(nodes.batches).toEqual([]);
    expect(Object.keys(summarize(agreeing).backends[0]!)).not.toContain("firstDifference");
    const failing: Backend = { ...nodes, open: () => Promise.reject(new Error("out of memory")) };
    expect((await check(interpreter("wrong", "fourth"), failing)).backends).toMatchObject([
      { status: "differs", firstDifference: null },
    ]);
  });
});
