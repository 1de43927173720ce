import { expect, test } from "vitest";
import { augment } from "../augment/augment.ts";
import { randomForMixing } from "../augment/mix-batch.ts";
import { symmetricBeta } from "../augment/mixes/beta.ts";
import { defaultRecipe, stillRecipe } from "../augment/recipe.ts";
import { type Random, randomFor } from "../random/random.ts";
import { contactSheet } from "./contact-sheet.ts";

test("shows each picture, and below it what training makes of it", () => {
  const [width, height, size] = [4, 3, 36];
  const rgb = Uint8Array.from({ length: 2 * size }, (_, i) => (i * 7) % 256);
  const recipe = defaultRecipe;
  const sheet = contactSheet(rgb, { width, height, recipe, seed: 5, indices: [3, 8], epochs: 2 });
  expect([sheet.width, sheet.height, sheet.rgb.length]).toEqual([8, 9, 8 * 9 * 3]);
  const row = (y: number, column: number) => [
    ...sheet.rgb.subarray((y * 8 + column * 4) * 3, (y * 8 + column * 4 + 4) * 3),
  ];
  expect(row(1, 1)).toEqual([...rgb.subarray(size + 12, size + 24)]);
  const seen = augment(rgb.subarray(size), randomFor(5, 1, 8), { width, height, recipe });
  expect(row(6, 1)).toEqual(
    [...seen.subarray(0, 12)].map((value) => Math.round(Math.min(1, Math.max(0, value)) * 255)),
  );
});

test("shows pictures mixed with each other when the recipe mixes", () => {
  const [width, height, size] = [4, 3, 36];
  const rgb = new Uint8Array(2 * size).fill(200, size); // black and gray
  const recipe = { ...stillRecipe, mixup: 1 };
  const sheet = contactSheet(rgb, { width, height, recipe, seed: 5, indices: [3, 8], epochs: 1 });
  const share = symmetricBeta(1, afterChoice(randomForMixing(5, 0, 3)));
  expect(sheet.rgb[3 * 8 * 3]).toBe(Math.round(200 * (1 - share))); // the first pixel of the second row of pictures
});

/** The sequence after its first number, by which a kind of mixing is chosen. */
function afterChoice(random: Random): Random {
  random();
  return random;
}
