import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import { encode } from "./encode.ts";
import { looped } from "./loop.ts";

const TIMES = 4;

/** balance' = balance · (1 + rate) + paid, and twice what was earned. The input is called as the loop calls its counter. */
function account(): Uint8Array {
  const graph = new Graph("account");
  const b = new Builder(graph);
  const balance = graph.input("balance", { dtype: "float32", shape: [2] });
  const paid = graph.input("round", { dtype: "float32", shape: [2] });
  const rate = graph.input("rate", { dtype: "float32", shape: [] });
  const earned = b.mul(balance, rate);
  const doubled = b.op("Mul", [earned, b.constant(floats([], [2]), "two")], {}, "doubled");
  graph.output("doubled", doubled);
  graph.output("next balance", b.add(b.add(balance, earned), paid));
  graph.output("told", paid);
  return encode(graph);
}

test("a model in a loop carries its state from round to round and stacks the rest", async () => {
  const carried = [{ input: "balance", output: "next balance" }];
  const session = await InferenceSession.create(looped(account(), { times: TIMES, carried }));
  expect([...session.inputNames].sort()).toEqual(["balance", "rate", "round"]);
  const shapes = session.outputMetadata.map((output) => [output.name, output.isTensor && output.shape]);
  expect(Object.fromEntries(shapes)).toEqual({ "next balance": [2], doubled: [TIMES, 2], told: [TIMES, 2] });
  const paid = [1, 10, 2, 20, 3, 30, 4, 40];
  const rates = [0.5, 0.25, 1, 2];
  const feeds = {
    balance: new Tensor("float32", Float32Array.of(8, 16), [2]),
    round: new Tensor("float32", Float32Array.from(paid), [TIMES, 2]),
    rate: new Tensor("float32", Float32Array.from(rates), [TIMES]),
  };
  let balance = [8, 16];
  const doubled = rates.flatMap((rate, round) => {
    const earned = balance.map((value) => value * rate);
    balance = balance.map((value, i) => value + earned[i]! + paid[2 * round + i]!);
    return earned.map((value) => 2 * value);
  });
  const results = await session.run(feeds);
  expect([...(results["next balance"]!.data as Float32Array)]).toEqual(balance);
  expect([...(results.doubled!.data as Float32Array)]).toEqual(doubled);
  expect([...(results.told!.data as Float32Array)]).toEqual(paid);
  await session.release();
});
