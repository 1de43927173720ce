import type { RandAugment } from "./pictures/rand-augment.ts";

/** How far each picture is changed: a number is the most to either side of no change. */
export interface PictureRecipe {
  /** Degrees. */
  readonly rotate: number;
  /** Share of the size: 0.12 shows a picture between 0.88 and 1.12 times as large. */
  readonly zoom: number;
  /** Share of the side, along each axis. */
  readonly shift: number;
  /** Share that values are multiplied by: 0.2 stands for 0.8 to 1.2. */
  readonly brightness: number;
  /** Added to values in [0, 1]. */
  readonly offset: number;
  /** Whether half of the pictures are mirrored; wrong for hands that mean something else then. */
  readonly flip: boolean;
  /** Degrees, along each axis. */
  readonly shear: number;
  /** Share by which values come nearer to the mean gray or go away from it. */
  readonly contrast: number;
  /** Share by which colours come nearer to gray or go away from it. */
  readonly saturation: number;
  /** Part of the colour wheel, at most 0.5. */
  readonly hue: number;
  /** Side of a gray box over each picture, a share of the picture's. */
  readonly cutout: number;
  /** Operations from a list of 14; null for none. */
  readonly randAugment: RandAugment | null;
}

/** How the pictures of a batch are mixed with each other: alphas of Beta(alpha, alpha), 0 for not at all. Of several, each picture gets one. */
export interface MixRecipe {
  readonly mixup: number;
  readonly cutmix: number;
}

/** How pictures are changed before the network sees them. */
export interface AugmentRecipe extends PictureRecipe, MixRecipe {}

/** Nothing is changed: what a recipe with some fields has in the others. */
export const stillRecipe: AugmentRecipe = {
  ...{ rotate: 0, zoom: 0, shift: 0, brightness: 0, offset: 0, flip: false, shear: 0, contrast: 0, saturation: 0 },
  ...{ hue: 0, cutout: 0, randAugment: null, mixup: 0, cutmix: 0 },
};

/** What suits photographs of signs (the recipe that was measured against PyTorch's). */
export const defaultRecipe: AugmentRecipe = {
  ...stillRecipe,
  rotate: 12,
  zoom: 0.12,
  shift: 0.06,
  brightness: 0.2,
  offset: 0.1,
};
