import type { Random } from "../random/random.ts";

/** How far pictures are changed: each number is the most to either side of no change. */
export interface AugmentRecipe {
  /** Degrees. */
  readonly rotate: number;
  /** Share of the size: 0.12 shows a picture between 0.88 and 1.12 times as large. */
  readonly zoom: number;
  /** Share of the side, along each axis. */
  readonly shift: number;
  /** Share that values are multiplied by: 0.2 stands for 0.8 to 1.2. */
  readonly gain: number;
  /** Added to values in [0, 1], after the gain. */
  readonly offset: number;
  /** Whether half of the pictures are mirrored; wrong for hands that mean something else then. */
  readonly flip: boolean;
}

/** What suits photographs of signs (the recipe that was measured against PyTorch's). */
export const defaultRecipe: AugmentRecipe = {
  rotate: 12,
  zoom: 0.12,
  shift: 0.06,
  gain: 0.2,
  offset: 0.1,
  flip: false,
};

/** One change of one picture. */
export interface Augmentation {
  /** Degrees that the picture turns counterclockwise. */
  readonly angle: number;
  /** How many times as large the picture is shown. */
  readonly zoom: number;
  /** Share of the width and height by which the window moves over the picture, right and down. */
  readonly shiftX: number;
  readonly shiftY: number;
  readonly gain: number;
  readonly offset: number;
  readonly flip: boolean;
}

/** Draws one change; always seven numbers, so that a recipe's parts don't influence each other. */
export function drawAugmentation(random: Random, recipe: AugmentRecipe): Augmentation {
  const around = (most: number) => (random() * 2 - 1) * most;
  return {
    angle: around(recipe.rotate),
    zoom: 1 + around(recipe.zoom),
    shiftX: around(recipe.shift),
    shiftY: around(recipe.shift),
    gain: 1 + around(recipe.gain),
    offset: around(recipe.offset),
    flip: random() < 0.5 && recipe.flip,
  };
}
