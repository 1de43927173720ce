import { number } from "../../check/demand.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Hues turned by up to this part of the colour wheel either way, as torchvision's ColorJitter does. */
export const hue: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 0.5),
  draw(canvas, most, random) {
    canvas.hue += around(most, random);
  },
};
