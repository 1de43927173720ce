import { number } from "../../check/demand.ts";
import type { Mix } from "./mix.ts";

/**
 * A box of the other picture in its place: sides sqrt(1 - share) of the picture's, centre anywhere, cut off at the edges;
 * the label's share is that of the pixels that are left (Yun et al. 2019, algorithm A1).
 */
export const cutmix: Mix = {
  off: 0,
  demand: number(0, 100),
  mix({ picture, other, width, height }, share, random) {
    const side = Math.sqrt(1 - share);
    const [left, right] = span(random() * width, side * width, width);
    const [top, bottom] = span(random() * height, side * height, height);
    for (let row = top; row < bottom; row++) {
      const [from, to] = [(row * width + left) * 3, (row * width + right) * 3];
      picture.set(other.subarray(from, to), from);
    }
    return 1 - ((right - left) * (bottom - top)) / (width * height);
  },
};

/** The pixels of one axis within half a length of the centre. */
function span(centre: number, length: number, most: number): [number, number] {
  const within = (edge: number) => Math.min(most, Math.max(0, Math.round(edge)));
  return [within(centre - length / 2), within(centre + length / 2)];
}
