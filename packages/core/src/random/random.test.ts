import { describe, expect, test } from "vitest";
import { permutation, randomFor } from "./random.ts";

const first = (seed: number, epoch: number, index: number, count = 6) => {
  const random = randomFor(seed, epoch, index);
  return Array.from({ length: count }, random);
};

describe("randomFor", () => {
  test("is Philox4x32-10 over (block, 0, index, epoch) under the seed", () => {
    const words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]; // Random123's known answer for zeros
    expect(first(0, 0, 0, 4)).toEqual(words.map((word) => word / 2 ** 32));
  });

  test("goes on where it was when it needs more words", () => {
    expect(new Set(first(5, 1, 0, 1000)).size).toBe(1000);
    expect(first(5, 1, 0, 1000).slice(0, 20)).toEqual(first(5, 1, 0, 20));
  });

  test("repeats itself and differs by seed, epoch and index", () => {
    expect(first(1, 2, 3)).toEqual(first(1, 2, 3));
    const starts = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4), first(2 ** 32 + 1, 2, 3)];
    expect(new Set(starts.map((numbers) => numbers[0])).size).toBe(starts.length);
  });

  test("is uniform in [0, 1)", () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => randomFor(7, 0, i)());
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const mean = numbers.reduce((a, b) => a + b) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / numbers.length)); // 4 standard errors
  });
});

describe("permutation", () => {
  test("holds every number once, in an order that depends on the sequence", () => {
    const order = permutation(100, randomFor(1, 1, 0));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...permutation(100, randomFor(1, 2, 0))]).not.toEqual([...order]);
  });

  test("every order of three is as likely as the others", () => {
    const seen = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = permutation(3, randomFor(3, 0, i)).join("");
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(130); // 4.5 standard deviations
  });

  test("of nothing is nothing", () => expect(permutation(0, randomFor(1, 1, 1))).toHaveLength(0));
});
