/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") with the counter layout of
 * TensorFlow's `PhiloxRandom(seed, seed2)`: the key is `seed`, `seed2` is the counter's upper half, and the lower half counts blocks.
 */
const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const TWO_32 = 0x100000000;

/** The upper 32 bits of a 32x32-bit product, by 16-bit halves: every partial sum fits 32 bits, so no BigInt is needed. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const carry = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** Fills `words` with the stream's first words; both seeds are integers in [0, 2^53), the blocks at most 2^32. */
export function philox(words: Int32Array, seed: number, seed2: number): void {
  const key0 = seed | 0;
  const key1 = Math.floor(seed / TWO_32) | 0;
  const counter2 = seed2 | 0;
  const counter3 = Math.floor(seed2 / TWO_32) | 0;
  for (let block = 0, at = 0; at < words.length; block++, at += 4) {
    let a = block | 0;
    let b = 0;
    let c = counter2;
    let d = counter3;
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < ROUNDS; round++) {
      const high0 = multiplyHigh(MULTIPLIER_0, a);
      const high1 = multiplyHigh(MULTIPLIER_1, c);
      const low0 = Math.imul(MULTIPLIER_0, a);
      const low1 = Math.imul(MULTIPLIER_1, c);
      a = high1 ^ b ^ k0;
      b = low1;
      c = high0 ^ d ^ k1;
      d = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    // Writes beyond the end of a typed array are ignored, which is what the last, partial block needs.
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
  }
}
