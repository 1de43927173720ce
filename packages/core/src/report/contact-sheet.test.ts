import { expect, test } from "vitest";
import { augment } from "../augment/augment.ts";
import { defaultRecipe } from "../augment/recipe.ts";
import { randomFor } from "../random/random.ts";
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
