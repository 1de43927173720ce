import { mappedAlike } from "./levels.ts";

/** The first `bits` bits of each value (PIL's ImageOps.posterize). */
export const posterize = (rgb: Uint8Array, bits: number): Uint8Array =>
  mappedAlike(rgb, (value) => value & (256 - 2 ** (8 - bits)));
