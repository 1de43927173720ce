import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { type OptimizerConfig, optimizers } from "../optimizers/index.ts";
import { encode } from "../proto/encode.ts";
import { buildStart, buildUpdate } from "./halves.ts";
import { scheduled } from "./schedule.ts";
import { updateRule } from "./update-rule.ts";

const session = (graph: Graph) => InferenceSession.create(encode(graph), { logSeverityLevel: 3 });
const number = (value: number) => new Tensor("float32", [value], []);
const at = (step: number) => new Tensor("int64", [BigInt(step)], []);

const configs: readonly OptimizerConfig[] = [
  ...(Object.keys(optimizers) as (keyof typeof optimizers)[]),
  { name: "adam", beta2: 0.9, weightDecay: 0.1 },
];

test.each(configs)("%j: the scalars of any step come out of the graph", async (optimizer) => {
  const { update } = updateRule({ optimizer }).phases;
  const graph = new Graph("scalars");
  const rate = graph.input("rate", { dtype: "float32", shape: [] });
  const step = graph.input("step", { dtype: "int64", shape: [] });
  for (const [i, value] of scheduled(new Builder(graph), update, rate, step).entries()) graph.output(`${i}`, value);
  const running = await session(graph);
  for (const t of [1, 2, 3, 1000, 5_000_000]) {
    const got = await running.run({ rate: number(0.003), step: at(t) });
    for (const [i, wanted] of update.schedule(0.003, t).entries())
      expect(Math.abs((got[i]!.data[0] as number) / wanted - 1), `scalar ${i} at ${t}`).toBeLessThan(1e-6);
  }
  await running.release();
});

test("a schedule without an end, or not linear in the learning rate, is refused", () => {
  const { update } = updateRule({ optimizer: "sgd" }).phases;
  const refused = (schedule: (rate: number, step: number) => number[]) => {
    const graph = new Graph("scalars");
    const [rate, step] = [
      graph.input("r", { dtype: "float32", shape: [] }),
      graph.input("s", { dtype: "int64", shape: [] }),
    ];
    return expect(() => scheduled(new Builder(graph), { ...update, schedule }, rate, step));
  };
  refused((rate, step) => [rate / step]).toThrow("goes on changing");
  refused((rate) => [rate ** 2]).toThrow("not linear");
});

test("momentum by hand: from the start through two updates", async () => {
  const start = await session(buildStart(new Map([["w", floats([2], [1, -2])]])));
  const update = await session(
    buildUpdate(
      [{ name: "w", dims: [2], by: "gradient" }],
      updateRule({ optimizer: "momentum" }).phases.update,
      cpuRules,
    ),
  );
  const vector = (values: readonly number[]) => new Tensor("float32", Float32Array.from(values), [2]);
  expect(update.inputNames).toEqual(["learning_rate", "step", "w", "gradient/w", "velocity/w"]);
  const { w } = await start.run({});
  const first = await update.run({
    w: w!,
    "gradient/w": vector([1, 2]),
    "velocity/w": vector([0, 0]),
    learning_rate: number(0.5),
    step: at(1),
  });
  expect([...(first["next/w"]!.data as Float32Array)]).toEqual([0.5, -3]);
  const second = await update.run({
    w: first["next/w"]!,
    "gradient/w": vector([0, 0]),
    "velocity/w": first["next/velocity/w"]!,
    learning_rate: number(1),
    step: at(2),
  });
  const [a, b] = second["next/w"]!.data as Float32Array;
  expect([a, b]).toEqual([expect.closeTo(0.5 - 0.9, 6), expect.closeTo(-3 - 1.8, 6)]);
});
