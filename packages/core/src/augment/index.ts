export { type AugmentOptions, augment } from "./augment.ts";
export { type MixedBatch, mixBatch, randomForMixing } from "./mix-batch.ts";
export type { RandAugment } from "./pictures/rand-augment.ts";
export { type AugmentRecipe, defaultRecipe, type MixRecipe, type PictureRecipe, stillRecipe } from "./recipe.ts";
