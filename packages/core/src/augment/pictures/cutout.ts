import { number } from "../../check/demand.ts";
import type { PictureAugmentation } from "../picture-augmentation.ts";

/** A gray box over it, its sides this share of the picture's, its centre anywhere (DeVries & Taylor 2017). */
export const cutout: PictureAugmentation<number> = {
  off: 0,
  demand: number(0, 1),
  draw(canvas, share, random) {
    const [x, y] = [random() * canvas.width, random() * canvas.height];
    const [halfWidth, halfHeight] = [(share * canvas.width) / 2, (share * canvas.height) / 2];
    if (share === 0) return;
    canvas.boxes.push({ left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight });
  },
};
