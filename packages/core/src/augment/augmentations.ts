import { cutmix } from "./mixes/cutmix.ts";
import type { Mix } from "./mixes/mix.ts";
import { mixup } from "./mixes/mixup.ts";
import type { PictureAugmentation } from "./picture-augmentation.ts";
import { brightness } from "./pictures/brightness.ts";
import { contrast } from "./pictures/contrast.ts";
import { cutout } from "./pictures/cutout.ts";
import { flip } from "./pictures/flip.ts";
import { hue } from "./pictures/hue.ts";
import { offset } from "./pictures/offset.ts";
import { randAugment } from "./pictures/rand-augment.ts";
import { rotate } from "./pictures/rotate.ts";
import { saturation } from "./pictures/saturation.ts";
import { shear } from "./pictures/shear.ts";
import { shift } from "./pictures/shift.ts";
import { zoom } from "./pictures/zoom.ts";
import type { MixRecipe, PictureRecipe } from "./recipe.ts";

/** What is done to each picture, in the order in which it is drawn: a new one goes before `randAugment`, at the end of the others. */
export const pictureAugmentations: { readonly [K in keyof PictureRecipe]: PictureAugmentation<PictureRecipe[K]> } = {
  rotate,
  zoom,
  shift,
  brightness,
  offset,
  flip,
  shear,
  contrast,
  saturation,
  hue,
  cutout,
  randAugment,
};

/** What is done to the pairs of a batch. */
export const mixes: { readonly [K in keyof MixRecipe]: Mix } = { mixup, cutmix };

/** All that a recipe may name. */
export const augmentations = { ...pictureAugmentations, ...mixes };
