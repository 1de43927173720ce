import { number } from "../../check/demand.ts";
import { scaled } from "../colour.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Values times 1 give or take up to this, as torchvision's ColorJitter does. */
export const brightness: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1),
  draw: (canvas, most, random) => canvas.light(scaled(1 + around(most, random))),
};
