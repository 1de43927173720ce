import { type DataType, type Graph, sizeOf, UNKNOWN, type Value } from "@resonnx/onnx";
import type { RunTensor } from "../options.ts";

/** A generated input, which says its element type. */
export interface RunInput extends RunTensor {
  readonly type: DataType;
}

export type RunInputs = Readonly<Record<string, RunInput>>;

/** What a symbolic size is tried with, by which of the sizes it is; unequal numbers, so that mixed-up axes show. */
const SYMBOL_SIZES = [2, 7, 5, 6];

/** A stream of numbers in [0, 1) (mulberry32). */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Largest index that generated integers reach: small enough for the embeddings that read them. */
const MAX_INDEX = 3;

const makers: { readonly [D in DataType]?: (size: number, next: () => number) => unknown } = {
  bool: (size, next) => Uint8Array.from({ length: size }, () => (next() < 0.5 ? 0 : 1)),
  float32: (size, next) => Float32Array.from({ length: size }, () => 2 * next() - 1),
  int32: (size, next) => Int32Array.from({ length: size }, () => Math.floor(next() * MAX_INDEX)),
};

/** Seeded inputs for a graph: float32 in [-1, 1), small integers, coin tosses; undefined for element types that sources don't have. */
export function randomInputs(graph: Graph, seed: number): RunInputs | undefined {
  const next = stream(seed);
  const sizes = new Map<string, number>();
  const inputs: Record<string, RunInput> = {};
  for (const input of graph.inputs) {
    const make = makers[input.type.dtype];
    if (!make || input.name === undefined) return undefined;
    const dims = dimsOf(input, sizes);
    inputs[input.name] = { type: input.type.dtype, dims, data: make(sizeOf(dims), next) };
  }
  return inputs;
}

/** One size for each symbol, and another one for each unknown size. */
function dimsOf(input: Value, sizes: Map<string, number>): number[] {
  return input.shape.map((dim, axis) => {
    if (typeof dim === "number") return dim;
    const key = dim === UNKNOWN ? `${input.name}:${axis}` : dim;
    const size = sizes.get(key) ?? SYMBOL_SIZES[sizes.size % SYMBOL_SIZES.length]!;
    sizes.set(key, size);
    return size;
  });
}
