import { expect, test } from "vitest";
import { drawn } from "./draw.ts";

const SIZE = 40_000;
const dims = [SIZE];

test("kept numbers are the value at the rate, anew at every step and for every layer", () => {
  const draw = { from: "keep", rate: 0.25, value: 4 / 3 } as const;
  const of = (name: string, seed: number, step: number) => drawn([{ name, dims, draw }], seed, step)[name]!.data;
  const mask = of("random/a", 1, 1);
  expect(new Set(mask)).toEqual(new Set([0, Math.fround(4 / 3)]));
  const kept = mask.filter((x) => x > 0).length / SIZE;
  expect(Math.abs(kept - 0.75)).toBeLessThan(0.01); // 4.6 standard deviations
  expect(of("random/a", 1, 1)).toEqual(mask);
  for (const other of [of("random/b", 1, 1), of("random/a", 2, 1), of("random/a", 1, 2)]) {
    const equal = other.filter((x, i) => x === mask[i]).length / SIZE;
    expect(Math.abs(equal - 0.625)).toBeLessThan(0.012); // independent: 0.75² + 0.25²
  }
});

test("normal numbers have mean 0, deviation 1 and normal tails", () => {
  const { data } = drawn([{ name: "n", dims: [SIZE + 1], draw: { from: "normal" } }], 3, 7).n!;
  expect(data).toHaveLength(SIZE + 1);
  const mean = data.reduce((a, x) => a + x, 0) / SIZE;
  const variance = data.reduce((a, x) => a + (x - mean) ** 2, 0) / SIZE;
  expect(Math.abs(mean)).toBeLessThan(0.025);
  expect(Math.abs(variance - 1)).toBeLessThan(0.035);
  expect(Math.abs(data.filter((x) => Math.abs(x) > 2).length / SIZE - 0.0455)).toBeLessThan(0.005);
});
