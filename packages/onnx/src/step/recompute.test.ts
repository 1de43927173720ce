import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import { lossOf } from "../losses/index.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { encode } from "../proto/encode.ts";
import { randomStream, randomTensor } from "../testing/random.ts";
import { run } from "../testing/run.ts";
import { runOrder } from "../testing/run-order.ts";
import { cutsOf } from "./cuts.ts";
import { buildStep } from "./step.ts";
import { updateRule } from "./update-rule.ts";

const BLOCKS = 9;
const [BATCH, WIDTH] = [4, 16];

interface Net {
  readonly graph: Graph;
  readonly value: Value;
  readonly weights: readonly Value[];
  readonly blocks: readonly Value[];
}

/** Nine residual blocks of two dense layers. */
function residual(): Net {
  const graph = new Graph("residual");
  const b = new Builder(graph);
  const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: "float32", shape });
  let value = input("x", [BATCH, WIDTH]);
  const weights: Value[] = [];
  const blocks = Array.from({ length: BLOCKS }, (_, i) => {
    const [inner, outer] = [input(`inner${i}`, [WIDTH, WIDTH]), input(`outer${i}`, [WIDTH, WIDTH])];
    weights.push(inner, outer);
    value = b.relu(b.add(b.matmul(b.relu(b.matmul(value, inner)), outer), value));
    return value;
  });
  return { graph, value, weights, blocks };
}

function step(recomputed: boolean): Graph {
  const { graph, value, weights } = residual();
  const parameters = weights.map((weight) => ({ name: weight.name!, value: weight, trainable: true }));
  const outputs = [{ name: "y", value, loss: lossOf("meanSquaredError"), weight: 1 }];
  const { phases } = updateRule({ optimizer: "adam" });
  return buildStep({ graph, outputs, parameters }, { phase: phases.update, recomputed }, cpuRules).graph;
}

test("a chain of blocks is cut between them", () => {
  const { graph, value, blocks } = residual();
  const forward = graph.orderOf([value]);
  const { kept, before } = cutsOf(forward);
  // 8 values are kept, and a block has 5; two blocks in a segment would make that 4 and 10, three 2 and 15.
  expect(kept).toEqual(blocks.slice(0, -1));
  expect(before).toEqual(forward.slice(0, before.length));
  expect(before.at(-1)!.output).toBe(kept.at(-1));
});

test("one operator is not cut", () => {
  const graph = new Graph("one");
  const x = graph.input("x", { dtype: "float32", shape: [2] });
  expect(cutsOf(graph.orderOf([new Builder(graph).exp(x)]))).toEqual({ kept: [], before: [] });
});

test("forward values computed again give the same step to the bit", async () => {
  const next = randomStream(5);
  const feeds = Object.fromEntries(
    step(false).inputs.map(({ name, shape }) => [name!, randomTensor(next, shape as readonly number[])]),
  );
  for (const scalar of ["rate", "epsilon"]) feeds[scalar] = floats([], [1e-3]);
  const [kept, again] = [await run(step(false), feeds), await run(step(true), feeds)];
  expect(Object.keys(again)).toEqual(Object.keys(kept));
  for (const [name, data] of Object.entries(kept))
    expect(Buffer.from(again[name]!.buffer), name).toEqual(Buffer.from(data.buffer));
});

test("onnxruntime does compute them again", async () => {
  const [kept, again] = [await runOrder(encode(step(false))), await runOrder(encode(step(true)))];
  const products = (order: readonly { readonly op: string }[]): number =>
    order.filter(({ op }) => /MatMul|Gemm/.test(op)).length;
  // At least the inner layer of each block, whose values the outer one's gradient reads; those of the last block are kept.
  expect(products(again)).toBeGreaterThanOrEqual(products(kept) + BLOCKS - 1);
});
