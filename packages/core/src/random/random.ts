import { philox } from "../initializers/philox.ts";

/** The next number of a sequence, uniform in [0, 1). */
export type Random = () => number;

/** Words of a sequence at first; it doubles whenever it runs out. One picture's augmentation needs 14. */
const FIRST_WORDS = 16;

/**
 * The random sequence that belongs to one picture in one epoch. The same three numbers give the same sequence, whatever
 * was drawn before and in whatever order pictures are visited, so a resumed run repeats it.
 * `seed` is a whole number below 2^53, `epoch` below 2^21, `index` below 2^32, none of them negative.
 */
export function randomFor(seed: number, epoch: number, index: number): Random {
  let words = new Int32Array(0);
  let next = 0;
  return () => {
    if (next === words.length) {
      words = new Int32Array(2 * words.length || FIRST_WORDS);
      philox(words, seed, epoch * 2 ** 32 + index);
    }
    return (words[next++]! >>> 0) / 2 ** 32;
  };
}

/** The numbers 0 to count - 1 in random order (Fisher-Yates). */
export function permutation(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}
