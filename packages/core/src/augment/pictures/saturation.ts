import { number } from "../../check/demand.ts";
import { saturated } from "../colour.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Colours 1 give or take up to this times as far from gray, as torchvision's ColorJitter does. */
export const saturation: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1),
  draw: (canvas, most, random) => canvas.light(saturated(1 + around(most, random))),
};
