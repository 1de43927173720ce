import { oneOf } from "../../check/demand.ts";
import { MIRRORED } from "../affine.ts";
import type { PictureAugmentation } from "../picture-augmentation.ts";

/** Half of the pictures mirrored; wrong for hands, which mean something else then. */
export const flip: PictureAugmentation<boolean> = {
  off: false,
  demand: oneOf(true, false),
  draw(canvas, wanted, random) {
    const mirrored = random() < 0.5;
    if (wanted && mirrored) canvas.warp(MIRRORED);
  },
};
