import { number } from "../../check/demand.ts";
import { turned } from "../affine.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Turned by up to so many degrees either way. */
export const rotate: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 180),
  draw: (canvas, most, random) => canvas.warp(turned(around(most, random))),
};
