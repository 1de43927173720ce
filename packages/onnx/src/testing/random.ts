import type { TensorOf } from "../ir/tensor.ts";
import { floats } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";

/** A seeded stream of numbers in [-1, 1), for tests (Numerical Recipes' linear congruential generator). */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export const randomTensor = (next: () => number, dims: readonly number[]): TensorOf<"float32"> =>
  floats(dims, Float32Array.from({ length: sizeOf(dims) }, next));
