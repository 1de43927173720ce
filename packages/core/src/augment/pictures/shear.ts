import { number } from "../../check/demand.ts";
import { sheared } from "../affine.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

const slope = (degrees: number): number => Math.tan((degrees * Math.PI) / 180);

/** Slanted by up to so many degrees along each axis. */
export const shear: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 60),
  draw(canvas, most, random) {
    const [x, y] = [around(most, random), around(most, random)];
    canvas.warp(sheared(slope(x), slope(y)));
  },
};
