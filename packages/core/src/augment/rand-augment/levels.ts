/** How often each of the 256 levels occurs in a channel (0 to 2) of u8 RGB pixels. */
export function histogram(rgb: Uint8Array, channel: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = channel; i < rgb.length; i += 3) counts[rgb[i]!]!++;
  return counts;
}

/** The pixels with each value replaced by what the table of its channel says. */
export function mapped(rgb: Uint8Array, tables: readonly [Uint8Array, Uint8Array, Uint8Array]): Uint8Array {
  const out = new Uint8Array(rgb.length);
  const [red, green, blue] = tables;
  for (let i = 0; i < rgb.length; i += 3) {
    out[i] = red[rgb[i]!]!;
    out[i + 1] = green[rgb[i + 1]!]!;
    out[i + 2] = blue[rgb[i + 2]!]!;
  }
  return out;
}

/** The same table for all channels. */
export function mappedAlike(rgb: Uint8Array, level: (value: number) => number): Uint8Array {
  const table = Uint8Array.from({ length: 256 }, (_, value) => level(value));
  return mapped(rgb, [table, table, table]);
}

/** A table for each channel, made from the channel's histogram. */
export function mappedBy(rgb: Uint8Array, table: (counts: Uint32Array) => Uint8Array): Uint8Array {
  return mapped(rgb, [table(histogram(rgb, 0)), table(histogram(rgb, 1)), table(histogram(rgb, 2))]);
}
