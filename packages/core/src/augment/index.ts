export { type AugmentOptions, augment } from "./augment.ts";
export { type Augmentation, type AugmentRecipe, defaultRecipe, drawAugmentation } from "./recipe.ts";
export { transform } from "./transform.ts";
