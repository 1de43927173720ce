import { number } from "../../check/demand.ts";
import { scaled } from "../colour.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Up to this added to values in [0, 1] or taken from them, as Keras' RandomBrightness does. */
export const offset: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1),
  draw: (canvas, most, random) => canvas.light(scaled(1, around(most, random))),
};
