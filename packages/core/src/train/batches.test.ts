import { describe, expect, test } from "vitest";
import { stillRecipe } from "../augment/recipe.ts";
import { splitOf } from "../data/split.ts";
import { Batches } from "./batches.ts";
import { recipes } from "./recipe.ts";

const [width, height, classes, count] = [4, 4, 3, 11];
const size = width * height * 3;
const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
/** Each picture of one level, which tells it. */
const split = splitOf(
  Array.from(labels, (_, i) => `${i}`),
  labels,
  size,
  (index) => new Uint8Array(size).fill(20 * index),
);
const batches = (augment: object, labelSmoothing = 0) =>
  new Batches({
    split,
    size: { width, height },
    classes,
    batchSize: 4,
    seed: 3,
    recipe: { ...recipes.default, labelSmoothing, augment: { ...stillRecipe, ...augment } },
  });

describe("batches", () => {
  test("an epoch holds every picture once, with its label", async () => {
    const all = batches({});
    const seen: number[] = [];
    for (let step = 0; step < all.steps; step++) {
      const { batch, truth } = await all.at(0, step);
      for (let row = 0; row < batch.count; row++) {
        const picture = Math.round((batch.inputs[row * size]! * 255) / 20);
        expect(truth[row]).toBe(labels[picture]);
        seen.push(picture);
      }
    }
    expect(seen.sort((a, b) => a - b)).toEqual([...labels.keys()]);
  });

  test("mixed pictures have mixed labels that sum to one, smoothed ones too", async () => {
    const [plain, mixed] = [batches({}), batches({ mixup: 1 }, 0.1)];
    const [{ batch, truth }, before] = [await mixed.at(1, 0), await plain.at(1, 0)];
    for (let row = 0; row < 3; row++) {
      const level = (of: typeof batch, at: number) => of.inputs[at * size]!;
      const [own, other] = [level(before.batch, row), level(before.batch, row + 1)];
      const share = (level(batch, row) - other) / (own - other);
      const label = batch.labels.subarray(row * classes, (row + 1) * classes);
      expect(label.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      const wanted = [0, 1, 2].map(
        (k) => 0.1 / 3 + 0.9 * (share * is(before.truth[row], k) + (1 - share) * is(before.truth[row + 1], k)),
      );
      wanted.forEach((value, k) => {
        expect(label[k]).toBeCloseTo(value, 4);
      });
      expect(truth[row]).toBe(wanted.indexOf(Math.max(...wanted)));
    }
  });

  test("a batch depends on seed, epoch and step alone", async () => {
    const recipe = { mixup: 0.4, cutmix: 1, rotate: 20, cutout: 0.3 };
    const [first, second] = [batches(recipe), batches(recipe)];
    await first.at(0, 0);
    expect(await first.at(2, 1)).toEqual(await second.at(2, 1));
  });
});

const is = (label: number | undefined, k: number): number => (label === k ? 1 : 0);
