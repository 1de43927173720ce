import type { Draw, RandomInput } from "@resonnx/export";
import { philox } from "../../initializers/philox.ts";
import { hash } from "../../random/hash.ts";
import type { Feeds } from "./feeds.ts";

const WORDS = 2 ** 32;

/**
 * The random numbers of one training step. They depend on the seed, the step and the input's name alone (a counter-based
 * generator, Philox4x32-10), so every backend gets the same, and a resumed run what an uninterrupted one gets.
 * `seed` is a whole number from 0, below 2^53, `step` below 2^21.
 */
export const drawn = (inputs: readonly RandomInput[], seed: number, step: number): Feeds =>
  Object.fromEntries(
    inputs.map(({ name, dims, draw }) => {
      const size = dims.reduce((a, dim) => a * dim, 1);
      return [name, { dims, data: numbersOf(draw, size, seed, step * WORDS + hash(name)) }];
    }),
  );

function numbersOf(draw: Draw, size: number, seed: number, stream: number): Float32Array {
  const data = new Float32Array(size);
  if (draw.from === "normal") {
    fillNormal(data, seed, stream);
    return data;
  }
  const words = new Int32Array(size);
  philox(words, seed, stream);
  const least = draw.rate * WORDS;
  for (let i = 0; i < size; i++) if (words[i]! >>> 0 >= least) data[i] = draw.value;
  return data;
}

/** Two normal numbers of two uniform ones (Box & Muller 1958). */
function fillNormal(data: Float32Array, seed: number, stream: number): void {
  const words = new Int32Array(data.length + (data.length % 2));
  philox(words, seed, stream);
  for (let i = 0; i < data.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(((words[i]! >>> 0) + 1) / WORDS));
    const angle = (2 * Math.PI * (words[i + 1]! >>> 0)) / WORDS;
    data[i] = radius * Math.cos(angle);
    data[i + 1] = radius * Math.sin(angle); // a write beyond the end is ignored
  }
}
