import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { lossOf } from "../losses/index.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { decode } from "../proto/decode.ts";
import { encode } from "../proto/encode.ts";
import { buildStep } from "./step.ts";
import { updateRule } from "./update-rule.ts";

const LAYERS = [1, 2, 3, 4, 5, 6];
const WIDTH = 16;

/** Adam's step of six dense layers. */
function step(): Graph {
  const graph = new Graph("dense");
  const b = new Builder(graph);
  const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: "float32", shape });
  let value = input("x", [8, WIDTH]);
  const parameters = LAYERS.flatMap((layer) => {
    const [kernel, bias] = [input(`kernel${layer}`, [WIDTH, WIDTH]), input(`bias${layer}`, [WIDTH])];
    value = b.relu(b.add(b.matmul(value, kernel), bias));
    return [kernel, bias].map((value) => ({ name: value.name!, value, trainable: true }));
  });
  const outputs = [{ name: "y", value, loss: lossOf("meanSquaredError"), weight: 1 }];
  return buildStep({ graph, outputs, parameters }, { phase: updateRule({ optimizer: "adam" }).phases.update }, cpuRules)
    .graph;
}

/** The names of nodes as onnxruntime ran them, from its own profile. */
async function orderOfRun(bytes: Uint8Array): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "run-order-"));
  const session = await InferenceSession.create(bytes, {
    graphOptimizationLevel: "disabled",
    enableProfiling: true,
    profileFilePrefix: join(folder, "profile"),
    logSeverityLevel: 3,
  });
  const feeds = session.inputMetadata.map((input) => {
    const dims = input.isTensor ? input.shape.map(Number) : [];
    return [input.name, new Tensor("float32", new Float32Array(dims.reduce((a, d) => a * d, 1)), dims)] as const;
  });
  await session.run(Object.fromEntries(feeds));
  session.endProfiling();
  await session.release();
  const [file] = await readdir(folder);
  const events: readonly { cat: string; name: string }[] = JSON.parse(await readFile(join(folder, file!), "utf8"));
  await rm(folder, { recursive: true });
  const END = "_kernel_time";
  return events
    .filter(({ cat, name }) => cat === "Node" && name.endsWith(END))
    .map(({ name }) => name.slice(0, -END.length));
}

test("onnxruntime renews each kernel before it computes the next gradient", async () => {
  const bytes = encode(step());
  const graph = decode(bytes);
  const places = new Map((await orderOfRun(bytes)).map((name, i) => [name, i]));
  const placeOf = (node: Node): number => places.get(node.name!)!;
  const endsIn = (end: string): Value[] =>
    graph.outputs.filter(({ name }) => name.endsWith(end)).map(({ value }) => value);
  const known = new Set(graph.orderOf([...endsIn("loss"), ...endsIn("predictions")]));
  const spans = [...LAYERS].reverse().map((layer) => {
    const own = graph.orderOf(endsIn(`kernel${layer}`)).filter((node) => !known.has(node));
    for (const node of own) known.add(node);
    expect(own.length).toBeGreaterThan(5); // the gradients of the layer, and Adam's arithmetic
    return own.map(placeOf);
  });
  for (const [i, span] of spans.entries())
    if (i > 0) expect(Math.min(...span)).toBeGreaterThan(Math.max(...spans[i - 1]!));
});
