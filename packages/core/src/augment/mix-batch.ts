import { type Random, randomFor } from "../random/random.ts";
import { mixes } from "./augmentations.ts";
import { symmetricBeta } from "./mixes/beta.ts";
import type { MixRecipe } from "./recipe.ts";

/** The pictures of a batch with their labels, in rows. */
export interface MixedBatch {
  /** float32 [count, height, width, 3] */
  readonly pictures: Float32Array;
  /** float32 [count, classes], each row of sum one. */
  readonly labels: Float32Array;
  readonly width: number;
  readonly height: number;
}

const NAMES = Object.keys(mixes) as (keyof MixRecipe)[]; // its own keys
/** No run has so many epochs: the sequences of `randomFor` from here on are not those of the pictures' own changes. */
const MIXING = 2 ** 20;

/** The random sequence for mixing one picture in one epoch; see `randomFor`. */
export const randomForMixing = (seed: number, epoch: number, index: number): Random =>
  randomFor(seed, MIXING + epoch, index);

/**
 * Mixes each picture with the next one of the batch as that was before, the last with the first, and their labels in the
 * same shares; in place. `randoms` holds a sequence a picture. A batch of one, or a recipe without mixing, stays.
 */
export function mixBatch(batch: MixedBatch, recipe: MixRecipe, randoms: readonly Random[]): void {
  const wanted = NAMES.filter((name) => recipe[name] > 0);
  const count = randoms.length;
  if (wanted.length === 0 || count < 2) return;
  const { pictures, labels, width, height } = batch;
  const [size, classes] = [width * height * 3, labels.length / count];
  const first = { picture: pictures.slice(0, size), label: labels.slice(0, classes) };
  for (const [row, random] of randoms.entries()) {
    const isLast = row + 1 === count;
    const name = wanted[Math.floor(random() * wanted.length)]!;
    const picture = pictures.subarray(row * size, (row + 1) * size);
    const other = isLast ? first.picture : pictures.subarray((row + 1) * size, (row + 2) * size);
    const share = mixes[name].mix({ picture, other, width, height }, symmetricBeta(recipe[name], random), random);
    const label = labels.subarray(row * classes, (row + 1) * classes);
    const otherLabel = isLast ? first.label : labels.subarray((row + 1) * classes, (row + 2) * classes);
    label.forEach((value, k) => {
      label[k] = otherLabel[k]! + share * (value - otherLabel[k]!);
    });
  }
}
