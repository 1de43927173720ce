import { number } from "../../check/demand.ts";
import { moved } from "../affine.ts";
import { around, type PictureAugmentation } from "../picture-augmentation.ts";

/** Moved by up to this share of the side along each axis, before it is turned. */
export const shift: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1),
  draw(canvas, most, random) {
    const [x, y] = [around(most, random), around(most, random)];
    canvas.warpFirst(moved(x * canvas.width, y * canvas.height));
  },
};
