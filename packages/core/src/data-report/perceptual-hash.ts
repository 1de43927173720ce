/** Sides of the gray picture that is hashed, and of the block of its lowest frequencies. */
export const HASHED_SIDE = 32;
const BLOCK = 8;

/** 64 bits in two halves: the first 32, row by row, then the others. */
export type PerceptualHash = readonly [number, number];

/** cos(pi (2 x + 1) u / (2 n)), the cosine transform's waves by frequency u and place x. */
const WAVES = Float64Array.from({ length: BLOCK * HASHED_SIDE }, (_, i) => {
  const [u, x] = [Math.floor(i / HASHED_SIDE), i % HASHED_SIDE];
  return Math.cos((Math.PI * (2 * x + 1) * u) / (2 * HASHED_SIDE));
});

/**
 * A hash that stays nearly the same when a picture is resized, compressed or lit otherwise: which of the 8 x 8 lowest
 * frequencies of the 32 x 32 gray picture (u8) are above their median (pHash, Zauner 2010, section 3.2.1).
 */
export function perceptualHash(gray: Uint8Array): PerceptualHash {
  const block = lowest(gray);
  const sorted = block.toSorted();
  const median = (sorted[31]! + sorted[32]!) / 2;
  const half = (from: number) =>
    block.subarray(from, from + 32).reduce((bits, value, i) => bits | (value > median ? 2 ** (31 - i) : 0), 0) >>> 0;
  return [half(0), half(32)];
}

/** How many bits of the hashes differ, 0 to 64. */
export const distanceOf = (a: PerceptualHash, b: PerceptualHash): number => ones(a[0] ^ b[0]) + ones(a[1] ^ b[1]);

/** The ones of 32 bits (Warren, Hacker's Delight, figure 5-2). */
export function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** The block of the two-dimensional cosine transform (type II) with the lowest frequencies, rows by vertical frequency. */
function lowest(gray: Uint8Array): Float64Array {
  const rows = new Float64Array(HASHED_SIDE * BLOCK);
  for (let y = 0; y < HASHED_SIDE; y++) {
    for (let u = 0; u < BLOCK; u++) {
      let sum = 0;
      for (let x = 0; x < HASHED_SIDE; x++) sum += gray[y * HASHED_SIDE + x]! * WAVES[u * HASHED_SIDE + x]!;
      rows[y * BLOCK + u] = sum;
    }
  }
  const block = new Float64Array(BLOCK * BLOCK);
  for (let v = 0; v < BLOCK; v++) {
    for (let u = 0; u < BLOCK; u++) {
      let sum = 0;
      for (let y = 0; y < HASHED_SIDE; y++) sum += rows[y * BLOCK + u]! * WAVES[v * HASHED_SIDE + y]!;
      block[v * BLOCK + u] = sum;
    }
  }
  return block;
}
