import { number } from "../../check/demand.ts";
import { scaled } from "../colour.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Values 1 give or take up to this times as far from the picture's mean gray, as torchvision's ColorJitter does. */
export const contrast: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1),
  draw(canvas, most, random) {
    const factor = 1 + around(most, random);
    if (factor !== 1) canvas.light(scaled(factor, (1 - factor) * canvas.meanGray()));
  },
};
