import { describe, expect, test } from "vitest";
import { type Random, randomFor } from "../random/random.ts";
import { augment } from "./augment.ts";
import { augmentations, pictureAugmentations } from "./augmentations.ts";
import { Canvas } from "./canvas.ts";
import { defaultRecipe, type PictureRecipe, stillRecipe } from "./recipe.ts";

const size = { width: 64, height: 64 };
const picture = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7) % 256);
const everything: PictureRecipe = {
  ...{ rotate: 20, zoom: 0.2, shift: 0.1, shear: 10, flip: true, brightness: 0.3, offset: 0.1, contrast: 0.3 },
  ...{ saturation: 0.4, hue: 0.1, cutout: 0.3, randAugment: { operations: 3, magnitude: 12 } },
};

describe("augment", () => {
  test.each([defaultRecipe, everything])(
    "the same seed, epoch and picture give the same result, others another",
    (recipe) => {
      const first = augment(picture, randomFor(1, 2, 3), { ...size, recipe });
      augment(picture, randomFor(1, 2, 9), { ...size, recipe }); // whatever came before
      expect(augment(picture, randomFor(1, 2, 3), { ...size, recipe })).toEqual(first);
      for (const other of [randomFor(1, 2, 4), randomFor(1, 3, 3), randomFor(2, 2, 3)])
        expect(augment(picture, other, { ...size, recipe })).not.toEqual(first);
    },
  );

  test("writes into a part of a batch and leaves the picture alone", () => {
    const before = picture.slice();
    const batch = new Float32Array(2 * picture.length);
    augment(picture, randomFor(1, 1, 1), { ...size, recipe: everything, out: batch.subarray(picture.length) });
    expect(batch.subarray(0, picture.length).every((value) => value === 0)).toBe(true);
    expect(batch.subarray(picture.length)).toEqual(
      augment(picture, randomFor(1, 1, 1), { ...size, recipe: everything }),
    );
    expect(picture).toEqual(before);
  });

  test("values stay in [0, 1]", () => {
    for (let i = 0; i < 30; i++) {
      const out = augment(picture, randomFor(1, 0, i), { ...size, recipe: everything });
      expect(out.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  test("nothing happens by a recipe that is off", () => {
    const out = augment(picture, randomFor(1, 1, 1), { ...size, recipe: stillRecipe });
    out.forEach((value, i) => {
      if (Math.abs(value * 255 - picture[i]!) > 1e-3) expect(value * 255, `value ${i}`).toBeCloseTo(picture[i]!, 3);
    });
  });

  test("refuses a picture or an output of another size", () => {
    expect(() => augment(picture, Math.random, { width: 32, height: 32 })).toThrow(/got 12288, wanted 32 x 32 x 3/);
    expect(() => augment(picture, Math.random, { ...size, out: new Float32Array(3) })).toThrow(/got 3, wanted/);
  });
});

describe("the table", () => {
  test("what is off fits its own demand, and `stillRecipe` is that", () => {
    const off = Object.entries(augmentations).map(([name, { off }]) => [name, off]);
    expect(Object.fromEntries(off)).toEqual(stillRecipe);
    for (const { off, demand } of Object.values(augmentations)) expect(demand.holds(off)).toBe(true);
  });

  const names = Object.keys(pictureAugmentations) as (keyof PictureRecipe)[];
  test.each(names.filter((name) => name !== "randAugment"))("%s draws as many numbers when it is off", (name) => {
    expect(drawn(name, stillRecipe)).toBe(drawn(name, everything));
  });
});

/** How many numbers an augmentation takes from the sequence. */
function drawn<K extends keyof PictureRecipe>(name: K, recipe: PictureRecipe): number {
  let count = 0;
  const random: Random = () => (++count % 10) / 10;
  pictureAugmentations[name].draw(new Canvas(picture, 64, 64), recipe[name], random);
  return count;
}

/** The canvases of 2000 draws from a gray picture of 100 x 50, each number evenly spread. */
function canvases<K extends keyof PictureRecipe>(name: K, value: PictureRecipe[K]): Canvas[] {
  return Array.from({ length: 2000 }, (_, i) => {
    const canvas = new Canvas(new Uint8Array(100 * 50 * 3).fill(51), 100, 50);
    pictureAugmentations[name].draw(canvas, value, randomFor(1, 0, i));
    return canvas;
  });
}

describe("draws stay within the recipe and reach both ends", () => {
  const degrees = (radians: number) => (radians * 180) / Math.PI;
  test.each<[keyof PictureRecipe, number, string, (canvas: Canvas) => number, number]>([
    ["rotate", 12, "angle", ({ affine: [a, , , c] }) => degrees(Math.atan2(c, a)), 0],
    ["zoom", 0.12, "size", ({ affine: [a] }) => 1 / a, 1],
    ["shift", 0.06, "x", ({ affine: [, , x] }) => x / 100, 0],
    ["shift", 0.06, "y", ({ affine: [, , , , , y] }) => y / 50, 0],
    ["shear", 9, "along x", ({ affine: [, b] }) => degrees(Math.atan(b)), 0],
    ["shear", 9, "along y", ({ affine: [, , , c] }) => degrees(Math.atan(c)), 0],
    ["brightness", 0.2, "factor", ({ colour: [r] }) => r, 1],
    ["offset", 0.1, "blue", ({ colour }) => colour[11], 0],
    ["contrast", 0.3, "factor", ({ colour: [r] }) => r, 1],
    ["contrast", 0.3, "mean", ({ colour: [r, , , r0] }) => 0.2 * r + r0, 0.2], // 51 / 255 stays
    ["saturation", 0.4, "red of red", ({ colour: [r] }) => (r - 0.299) / 0.701, 1],
    ["hue", 0.25, "turns", ({ hue }) => hue, 0],
  ])("%s %d: %s", (name, most, what, measure, middle) => {
    const values = canvases(name, most as never).map((canvas) => measure(canvas) - middle); // all of these take numbers
    const reach = what === "mean" ? 0 : most;
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(reach + 1e-9);
    expect(Math.max(...values)).toBeGreaterThanOrEqual(0.98 * reach - 1e-9);
    expect(Math.min(...values)).toBeLessThanOrEqual(-0.98 * reach + 1e-9);
  });

  test("a cutout has its size, and its centre is anywhere", () => {
    const boxes = canvases("cutout", 0.2).map(({ boxes: [box] }) => box!);
    for (const { left, right, top, bottom } of boxes) {
      expect(right - left).toBeCloseTo(20);
      expect(bottom - top).toBeCloseTo(10);
    }
    const centres = boxes.map(({ left, right }) => (left + right) / 2);
    expect(Math.min(...centres)).toBeLessThan(1);
    expect(Math.max(...centres)).toBeGreaterThan(99);
  });

  test("half of the pictures are mirrored when asked, none otherwise", () => {
    const mirrored = canvases("flip", true).filter(({ affine: [a] }) => a === -1);
    expect(Math.abs(mirrored.length - 1000)).toBeLessThan(90); // 4 standard deviations
    expect(canvases("flip", false).some(({ affine: [a] }) => a === -1)).toBe(false);
  });

  test("each of RandAugment's operations comes in turn", () => {
    const kinds = new Set(
      canvases("randAugment", { operations: 1, magnitude: 15 }).map(({ affine, colour }) =>
        [...affine, ...colour].map((value) => value.toFixed(3)).join(),
      ),
    );
    // With both signs: 5 changes of place and 2 of colour (contrast and brightness of a gray picture, saturation), and
    // no change to either for the rest.
    expect(kinds.size).toBe(2 * 5 + 2 * 3 + 1);
  });
});

test("the draws of recipes from before there were more than seven are what they were", () => {
  // The first version's own formula, written out, for one picture of one epoch.
  const random = randomFor(1, 4, 7);
  const around = (most: number) => (random() * 2 - 1) * most;
  const [angle, zoom, x, y] = [around(12), 1 + around(0.12), around(0.06), around(0.06)];
  const [gain, offset] = [1 + around(0.2), around(0.1)];
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180) / zoom, Math.sin((angle * Math.PI) / 180) / zoom];
  const smooth = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
    const [column, row] = [Math.floor(i / 3) % 64, Math.floor(i / 192)];
    return column + 2 * row;
  });
  const out = augment(smooth, randomFor(1, 4, 7), { ...size, recipe: defaultRecipe });
  for (const [column, row] of [
    [32, 32],
    [20, 40],
    [45, 15],
  ] as const) {
    const [dx, dy] = [column - 31.5, row - 31.5];
    const level = 31.5 + cos * dx - sin * dy + x * 64 + 2 * (31.5 + sin * dx + cos * dy + y * 64); // of a plane
    expect(out[(row * 64 + column) * 3]).toBeCloseTo((level / 255) * gain + offset, 5);
  }
});
