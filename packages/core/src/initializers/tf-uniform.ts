import { philox } from "./philox.ts";

/** TF1 mixes every op's seed with this one when no graph seed is set (`tensorflow/python/framework/random_seed.py`). */
const DEFAULT_GRAPH_SEED = 87654321;
/** ... and takes op seeds modulo this. */
const SEED_MODULUS = 0x7fffffff;

/**
 * `count` float32 numbers as `tf.random_uniform([count], minimum, maximum, seed=opSeed)` gives them in TF1: 23 random bits under
 * the exponent of 1, less 1, scaled with every step rounded to float32.
 */
export function tfUniform(count: number, minimum: number, maximum: number, opSeed: number): Float32Array {
  const words = new Int32Array(count);
  philox(words, DEFAULT_GRAPH_SEED, opSeed % SEED_MODULUS);
  for (let i = 0; i < count; i++) words[i] = (words[i]! & 0x7fffff) | 0x3f800000;

  const low = Math.fround(minimum);
  const range = Math.fround(Math.fround(maximum) - low);
  const values = new Float32Array(words.buffer);
  for (let i = 0; i < count; i++) {
    const scaled = Math.fround(Math.fround(values[i]! - 1) * range);
    values[i] = scaled + low;
  }
  return values;
}
