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

test("pieces lie in the whole array, whose two sets change places once for all of them", async () => {
  const state = await stateOf(1, 2);
  const whole = state.tensor("m")!;
  const slots = [0, 1].map((offset) => {
    const piece = { of: "m", dims: [2], offset };
    return { input: `m[${offset}]`, output: `next/m[${offset}]`, dims: [1], inPlace: false, piece };
  });
  const targets = state.targets(slots);
  expect(Object.values(state.feeds(slots)).map(({ data }) => [...data])).toEqual([[1], [2]]);
  for (const offset of [0, 1]) targets[`next/m[${offset}]`]!.data[0] = 10 + offset;
  expect([...(state.tensor("m")!.data as Float32Array)]).toEqual([1, 2]);
  state.advance(slots);
  expect([...(state.tensor("m")!.data as Float32Array)]).toEqual([10, 11]);
  state.targets(slots);
  state.advance(slots);
  expect(state.tensor("m")).toBe(whole);
});
