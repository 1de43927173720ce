import { number } from "../../check/demand.ts";
import type { Mix } from "./mix.ts";

/** share * picture + (1 - share) * other (Zhang et al. 2018). */
export const mixup: Mix = {
  off: 0,
  demand: number(0, 100),
  mix({ picture, other }, share) {
    for (let i = 0; i < picture.length; i++) picture[i] = other[i]! + share * (picture[i]! - other[i]!);
    return share;
  },
};
