import { Builder, encode, Graph, looped } from "@resonnx/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { WritingSession } from "./writing-session.ts";

const SIZE = 1_000_000;
const OPTIONS = { executionProviders: ["cpu"] };

/** next = x + 1, twice = 2 · next; each of 4 MB. */
function model(rows: number | string): Uint8Array {
  const graph = new Graph("both");
  const b = new Builder(graph);
  const x = graph.input("x", { dtype: "float32", shape: [rows, SIZE] });
  const next = b.add(x, 1);
  graph.output("twice", b.mul(next, 2));
  graph.output("next", next);
  return encode(graph);
}

const x = new Tensor(
  "float32",
  Float32Array.from({ length: SIZE }, (_, i) => i % 1000),
  [1, SIZE],
);

const bytesOf = ({ data }: Tensor): Buffer => Buffer.from((data as Float32Array).buffer);

describe("a writing session", () => {
  test("gives what a plain session gives", async () => {
    const plain = await (await InferenceSession.create(model(1), OPTIONS)).run({ x });
    const session = await WritingSession.create(model(1), OPTIONS);
    expect(session.inputNames).toEqual(["x"]);
    const results = await session.run({ x }, { twice: null, next: null });
    expect(Object.keys(results)).toEqual(["twice", "next"]);
    for (const name of ["twice", "next"]) {
      expect(results[name]!.dims).toEqual([1, SIZE]);
      expect(bytesOf(results[name]!).equals(bytesOf(plain[name]!))).toBe(true);
    }
    await session.release();
  });

  test("writes over what it reads, and makes no other array", async () => {
    const session = await WritingSession.create(model(1), OPTIONS);
    const state = new Tensor("float32", new Float32Array(SIZE), [1, SIZE]);
    const twice = new Tensor("float32", new Float32Array(SIZE), [1, SIZE]);
    const before = process.memoryUsage().arrayBuffers;
    for (let k = 0; k < 3; k++) {
      const results = await session.run({ x: state }, { twice, next: state });
      expect(results.next).toBe(state);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(SIZE); // one array is four times that
    expect((state.data as Float32Array).every((value) => value === 3)).toBe(true);
    expect((twice.data as Float32Array).every((value) => value === 6)).toBe(true);
    await session.release();
  });

  test("writes what a loop carries over what it began with", async () => {
    const bytes = looped(model(1), { times: 3, carried: [{ input: "x", output: "next" }] });
    const session = await WritingSession.create(bytes, OPTIONS);
    const state = new Tensor("float32", new Float32Array(SIZE).fill(1), [1, SIZE]);
    const { next, twice } = await session.run({ x: state }, { twice: null, next: state });
    expect(next).toBe(state);
    expect((state.data as Float32Array).every((value) => value === 4)).toBe(true);
    expect(twice!.dims).toEqual([3, 1, SIZE]);
    for (const round of [0, 1, 2]) expect(twice!.data[round * SIZE]).toBe(2 * (round + 2));
    await session.release();
  });

  test("gives outputs whose sizes are known after the run alone", async () => {
    const session = await WritingSession.create(model("batch"), OPTIONS);
    const { next } = await session.run({ x }, { next: null });
    expect(next!.dims).toEqual([1, SIZE]);
    expect((next!.data as Float32Array)[2]).toBe(3);
    await session.release();
  });

  test("tells of errors", async () => {
    const session = await WritingSession.create(model(1), OPTIONS);
    const short = new Tensor("float32", new Float32Array(3), [1, 3]);
    await expect(session.run({ x: short }, { next: null })).rejects.toThrow(/invalid dimensions/);
    await session.release();
    await expect(WritingSession.create(new Uint8Array(3), OPTIONS)).rejects.toThrow();
  });
});
