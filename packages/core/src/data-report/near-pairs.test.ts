import { expect, test } from "vitest";
import { randomFor } from "../random/random.ts";
import { NEAR_BITS, nearPairs } from "./near-pairs.ts";
import { distanceOf, type PerceptualHash, perceptualHash } from "./perceptual-hash.ts";

const random = randomFor(1, 0, 0);
const word = () => Math.floor(random() * 2 ** 32);
/** The hash with so many bits, anywhere, turned. */
function changed([high, low]: PerceptualHash, bits: number): PerceptualHash {
  const words = [high, low];
  const places = new Set<number>();
  while (places.size < bits) places.add(Math.floor(random() * 64));
  for (const place of places) words[place >> 5] = (words[place >> 5]! ^ (1 << (place & 31))) >>> 0;
  return [words[0]!, words[1]!];
}

test("finds every pair that comparing all with all finds, each once", () => {
  const hashes: PerceptualHash[] = Array.from({ length: 300 }, () => [word(), word()]);
  for (let bits = 1; bits <= 12; bits++)
    for (let i = 0; i < 20; i++) hashes.push(changed(hashes[i * 12 + bits]!, bits));
  const wanted: string[] = [];
  for (let j = 0; j < hashes.length; j++) {
    for (let i = 0; i < j; i++) if (distanceOf(hashes[i]!, hashes[j]!) <= NEAR_BITS) wanted.push(`${i} ${j}`);
  }
  const found: string[] = [];
  nearPairs(hashes, (i, j) => found.push(`${i} ${j}`));
  expect(wanted.length).toBeGreaterThanOrEqual(7 * 20);
  expect(found.sort()).toEqual(wanted.sort());
});

test("finds the copies among 100,000 pictures in seconds", () => {
  const count = 100_000;
  const hashes: PerceptualHash[] = Array.from({ length: count }, () => [word(), word()]);
  for (let i = 0; i < 500; i++) hashes.push(changed(hashes[i * 100]!, i % 8));
  let copies = 0;
  nearPairs(hashes, (i, j) => {
    if (j >= count && i === (j - count) * 100) copies++;
  });
  expect(copies).toBe(500);
});

// numpy and scipy.fftpack: d = dct(dct(gray, axis=0), axis=1)[:8, :8], d > median(d), row by row.
test.each<[(x: number, y: number) => number, PerceptualHash]>([
  [(x, y) => (x * x * 3 + y * 7 + x * y) % 251, [0x810001bf, 0x4bbf5f73]],
  [(x, y) => Math.min(255, (x - 11) ** 2 + (y - 20) ** 2), [0xbfc2c229, 0xc525b636]],
])("perceptualHash is what scipy's cosine transform gives: %s", (level, wanted) => {
  const gray = Uint8Array.from({ length: 32 * 32 }, (_, i) => level(i % 32, Math.floor(i / 32)));
  expect(perceptualHash(gray)).toEqual(wanted);
});
