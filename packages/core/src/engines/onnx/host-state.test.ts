import { Tensor } from "onnxruntime-common";
import { expect, test } from "vitest";
import { HostState } from "./host-state.ts";
import type { Runtime } from "./runtime.ts";

const runtime: Runtime = {
  create: () => Promise.reject(new Error("no graph runs here")),
  tensor: (data, dims) => new Tensor("float32", data, dims),
};
const slot = (inPlace: boolean) => [{ input: "m", output: "next/m", dims: [2], inPlace }];

async function stateOf(...data: number[]): Promise<HostState> {
  const state = new HostState(runtime);
  await state.write({ m: { dims: [2], data: Float32Array.from(data) } });
  return state;
}

test("two sets of arrays change places", async () => {
  const state = await stateOf(1, 2);
  const first = state.tensor("m");
  const { "next/m": next } = state.targets(slot(false));
  expect(next).not.toBe(first);
  state.advance(slot(false));
  expect(state.tensor("m")).toBe(next);
  expect(state.targets(slot(false))["next/m"]).toBe(first);
});

test("a graph that can't write in place doesn't, after one that does", async () => {
  const state = await stateOf(1, 2);
  const held = state.tensor("m");
  expect(state.targets(slot(true))["next/m"]).toBe(held);
  state.advance(slot(true));
  const { "next/m": next } = state.targets(slot(false));
  expect(next).not.toBe(held);
  state.advance(slot(false));
  expect(state.tensor("m")).toBe(next);
});
