import { number } from "../../check/demand.ts";
import { zoomed } from "../affine.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Shown larger or smaller by up to this share. */
export const zoom: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1, true),
  draw: (canvas, most, random) => canvas.warp(zoomed(1 + around(most, random))),
};
