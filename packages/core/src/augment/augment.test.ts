import { describe, expect, test } from "vitest";
import { randomFor } from "../random/random.ts";
import { augment } from "./augment.ts";
import { defaultRecipe, drawAugmentation } from "./recipe.ts";

const size = { width: 64, height: 64 };
const picture = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7) % 256);

describe("augment", () => {
  test("the same seed, epoch and picture give the same result, others another", () => {
    const first = augment(picture, randomFor(1, 2, 3), size);
    expect(augment(picture, randomFor(1, 2, 3), size)).toEqual(first);
    expect(augment(picture, randomFor(1, 2, 4), size)).not.toEqual(first);
  });

  test("writes into a part of a batch and leaves the picture alone", () => {
    const before = picture.slice();
    const batch = new Float32Array(2 * picture.length);
    augment(picture, randomFor(1, 1, 1), { ...size, out: batch.subarray(picture.length) });
    expect(batch.subarray(0, picture.length).every((value) => value === 0)).toBe(true);
    expect(batch.subarray(picture.length)).toEqual(augment(picture, randomFor(1, 1, 1), size));
    expect(picture).toEqual(before);
  });

  test("draws stay within the recipe and reach both ends", () => {
    const draws = Array.from({ length: 2000 }, (_, i) => drawAugmentation(randomFor(1, 0, i), defaultRecipe));
    const bounds: [keyof (typeof draws)[number], number, number][] = [
      ["angle", 0, 12],
      ["zoom", 1, 0.12],
      ["shiftX", 0, 0.06],
      ["shiftY", 0, 0.06],
      ["gain", 1, 0.2],
      ["offset", 0, 0.1],
    ];
    for (const [name, middle, most] of bounds) {
      const values = draws.map((draw) => Number(draw[name]) - middle);
      expect(Math.max(...values.map(Math.abs)), name).toBeLessThanOrEqual(most);
      expect(Math.max(...values), name).toBeGreaterThan(0.98 * most);
      expect(Math.min(...values), name).toBeLessThan(-0.98 * most);
    }
    expect(draws.some(({ flip }) => flip)).toBe(false);
  });

  test("mirrors half of the pictures when asked", () => {
    const recipe = { ...defaultRecipe, flip: true };
    const flips = Array.from({ length: 1000 }, (_, i) => drawAugmentation(randomFor(1, 0, i), recipe).flip).filter(
      Boolean,
    );
    expect(Math.abs(flips.length - 500)).toBeLessThan(64); // 4 standard deviations
  });

  test("refuses a picture or an output of another size", () => {
    expect(() => augment(picture, Math.random, { width: 32, height: 32 })).toThrow(/got 12288, wanted 32 x 32 x 3/);
    expect(() => augment(picture, Math.random, { ...size, out: new Float32Array(3) })).toThrow(/got 3, wanted/);
  });
});
