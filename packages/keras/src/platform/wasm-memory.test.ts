import { expect, test } from "vitest";
import { withBoundMemory } from "./wasm-memory.ts";

/** (module (memory (export "memory") 1)) */
const MODULE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  5,
  3,
  1,
  0,
  1,
  7,
  10,
  1,
  6,
  109,
  101,
  109,
  111,
  114,
  121,
  2,
  0,
);
const PAGE = 65_536;

test("a module's memory grows as far as the bound, and WebAssembly is as before", async () => {
  const { instantiate } = WebAssembly;
  const { started, bound } = await withBoundMemory(() => WebAssembly.instantiate(MODULE));
  expect(WebAssembly.instantiate).toBe(instantiate);
  const memory = started.instance.exports.memory as WebAssembly.Memory;
  expect(memory.grow(2)).toBe(1);
  bound.set(4 * PAGE);
  expect(memory.grow(1)).toBe(3);
  expect(() => memory.grow(1)).toThrow(`${5 * PAGE} bytes of memory, of ${4 * PAGE} allowed`);
  bound.set(5 * PAGE);
  expect(memory.grow(1)).toBe(4);
});

test("WebAssembly is as before when nothing starts", async () => {
  const { instantiate } = WebAssembly;
  await expect(withBoundMemory(() => Promise.reject(new Error("no network")))).rejects.toThrow("no network");
  expect(WebAssembly.instantiate).toBe(instantiate);
});
