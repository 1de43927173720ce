import type { PictureAugmentation } from "../picture-augmentation.ts";
import { type OperationName, operations } from "../rand-augment/operations.ts";

/** How many operations a picture gets, and how strong they are, from 0 to 30. */
export interface RandAugment {
  readonly operations: number;
  readonly magnitude: number;
}

const MOST_OPERATIONS = 8;
const MOST_MAGNITUDE = 30;
const NAMES = Object.keys(operations) as OperationName[]; // its own keys

/** That many operations drawn from the 14 with replacement, one after the other, all of one magnitude (Cubuk et al. 2019). */
export const randAugment: PictureAugmentation<RandAugment | null> = {
  off: null,
  demand: {
    wanted: `{"operations": 1 to ${MOST_OPERATIONS}, "magnitude": 0 to ${MOST_MAGNITUDE}} or null`,
    holds: (value) => value === null || isRandAugment(value),
  },
  // The last of the table: how many numbers it draws depends on the recipe.
  draw(canvas, value, random) {
    for (let i = 0; i < (value?.operations ?? 0); i++) {
      const name = NAMES[Math.floor(random() * NAMES.length)]!;
      operations[name](canvas, value!.magnitude / MOST_MAGNITUDE, random() < 0.5 ? 1 : -1);
    }
  },
};

function isRandAugment(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { operations, magnitude, ...strangers } = value as { readonly [key: string]: unknown };
  const within = (number: unknown, least: number, most: number): boolean =>
    typeof number === "number" && number >= least && number <= most;
  const isWhole = Number.isInteger(operations) && within(operations, 1, MOST_OPERATIONS);
  return isWhole && within(magnitude, 0, MOST_MAGNITUDE) && Object.keys(strangers).length === 0;
}
