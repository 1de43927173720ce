import { type DataType, type Graph, sizeOf, UNKNOWN, type Value } from "@resonnx/onnx";
import type { RunTensor } from "../options.ts";
import { rowsRead } from "./rows-read.ts";

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

interface Kind {
  readonly Array: { from(numbers: readonly number[]): unknown };
  /** Numbers are whole, from 0 up, and below this; without it anywhere in [-1, 1). */
  readonly below?: number;
}

/** How the numbers of an element type are drawn where they choose no rows of a table. */
const kinds: { readonly [D in DataType]?: Kind } = {
  bool: { Array: Uint8Array, below: 2 },
  float32: { Array: Float32Array },
  int32: { Array: Int32Array, below: 3 },
};

/**
 * Seeded inputs for a graph: float32 in [-1, 1), small integers, coin tosses; and where an input chooses rows of a table, whole
 * numbers all over it. Undefined for element types that sources don't have.
 */
export function randomInputs(graph: Graph, seed: number): RunInputs | undefined {
  const next = stream(seed);
  const sizes = new Map<string, number>();
  const inputs: Record<string, RunInput> = {};
  for (const input of graph.inputs) {
    const { dtype } = input.type;
    const kind = kinds[dtype];
    if (!kind || input.name === undefined) return undefined;
    const dims = dimsOf(input, sizes);
    const below = dtype === "bool" ? kind.below : (rowsRead(input) ?? kind.below);
    const draw = below === undefined ? () => 2 * next() - 1 : () => Math.floor(next() * below);
    inputs[input.name] = { type: dtype, dims, data: kind.Array.from(Array.from({ length: sizeOf(dims) }, draw)) };
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
