import { mappedAlike } from "./levels.ts";

/** Values from `threshold` on inverted (PIL's ImageOps.solarize). */
export const solarize = (rgb: Uint8Array, threshold: number): Uint8Array =>
  mappedAlike(rgb, (value) => (value < threshold ? value : 255 - value));
