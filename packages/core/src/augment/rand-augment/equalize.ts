import { mappedBy } from "./levels.ts";

/** Each channel's levels spread so that all occur about equally often (PIL's ImageOps.equalize). */
export const equalize = (rgb: Uint8Array): Uint8Array =>
  mappedBy(rgb, (counts) => {
    const pixels = rgb.length / 3;
    const highest = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((pixels - highest) / 255);
    let sum = Math.floor(step / 2);
    return Uint8Array.from(counts, (count, value) => {
      if (step === 0) return value;
      const level = Math.min(255, Math.floor(sum / step));
      sum += count;
      return level;
    });
  });
