import { ResonnxError } from "@resonnx/base";
import { mt19937 } from "./mt19937.ts";

/** The stream of `numpy.random.RandomState(seed)`; successive calls continue it, as in numpy. */
export interface NumpyRandom {
  /** `count` uniform numbers in [0, 1) with 53 random bits (`random_sample`). */
  random(count: number): Float64Array;
  /** `count` standard normal numbers (`randn`), by Marsaglia's polar method as numpy's legacy generator does it. */
  randn(count: number): Float64Array;
}

/** numpy's legacy generator after `np.random.seed(seed)`; `seed` is an integer in [0, 2^32). */
export function numpyRandom(seed: number): NumpyRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new ResonnxError("bad-input", {
      where: "numpyRandom seed",
      what: "not a seed that numpy takes",
      got: String(seed),
      wanted: "an integer from 0 to 4294967295",
    });
  }
  const next = mt19937(seed);
  const uniform = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  const normal = polarNormal(uniform);
  return {
    random: (count) => Float64Array.from({ length: count }, uniform),
    randn: (count) => Float64Array.from({ length: count }, normal),
  };
}

/** Two normals come from each accepted pair; the one not handed out is kept for the next call, across calls too. */
function polarNormal(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
      spare = factor * x;
      return factor * y;
    }
  };
}
