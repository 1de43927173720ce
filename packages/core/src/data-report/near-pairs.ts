import { ones, type PerceptualHash } from "./perceptual-hash.ts";

/** Hashes that differ in at most so many bits are near: four bands of 16 bits, one of which then differs in at most one. */
export const NEAR_BITS = 7;
const BANDS = 4;
const VALUES = 2 ** 16;

/**
 * Tells every pair of hashes, i < j, that differ in at most `NEAR_BITS` bits, each pair once. Multi-index hashing (Norouzi
 * et al. 2012): a pair that near has a 16-bit band that differs in one bit or none, so only pictures that share such a band
 * are compared. Hashes should be distinct: of n equal ones all n (n - 1) / 2 pairs are told.
 */
export function nearPairs(hashes: readonly PerceptualHash[], tell: (i: number, j: number) => void): void {
  const words = Uint32Array.from(hashes.flat()); // two a hash
  for (let band = 0; band < BANDS; band++) {
    const bits = Uint16Array.from(hashes, (_, i) => bandOf(words, i, band));
    const { order, starts } = sortedBy(bits);
    for (let i = 0; i < hashes.length; i++) {
      const [high, low] = [words[2 * i]!, words[2 * i + 1]!];
      for (let flipped = -1; flipped < 16; flipped++) {
        const value = flipped < 0 ? bits[i]! : bits[i]! ^ (1 << flipped);
        for (let at = starts[value]!; at < starts[value + 1]!; at++) {
          const j = order[at]!;
          if (j <= i || ones(high ^ words[2 * j]!) + ones(low ^ words[2 * j + 1]!) > NEAR_BITS) continue;
          if (!sharesEarlier(words, i, j, band)) tell(i, j);
        }
      }
    }
  }
}

const bandOf = (words: Uint32Array, i: number, band: number): number =>
  (words[2 * i + (band >> 1)]! >>> (band % 2 ? 0 : 16)) & 0xffff;

/** Whether a band before this one has found the pair already. */
function sharesEarlier(words: Uint32Array, i: number, j: number, band: number): boolean {
  for (let earlier = 0; earlier < band; earlier++) {
    if (ones(bandOf(words, i, earlier) ^ bandOf(words, j, earlier)) <= 1) return true;
  }
  return false;
}

/** Positions in order of their values, and where each value's begin (a counting sort). */
function sortedBy(values: Uint16Array): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(VALUES + 1);
  for (const value of values) starts[value + 1]!++;
  for (let value = 0; value < VALUES; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const order = new Uint32Array(values.length);
  values.forEach((value, i) => {
    order[next[value]!++] = i;
  });
  return { order, starts };
}
