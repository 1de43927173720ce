import { mappedBy } from "./levels.ts";

/** Each channel stretched so that its darkest value is 0 and its brightest 255 (PIL's ImageOps.autocontrast). */
export const autoContrast = (rgb: Uint8Array): Uint8Array =>
  mappedBy(rgb, (counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    const scale = high > low ? 255 / (high - low) : 1;
    const from = high > low ? low : 0;
    return Uint8Array.from(counts, (_, value) => Math.min(255, Math.max(0, Math.trunc(value * scale - from * scale))));
  });
