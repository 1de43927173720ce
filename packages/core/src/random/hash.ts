const encoder = new TextEncoder();

/**
 * 32 bits of a text that stay the same for ever: FNV-1a over its UTF-8 bytes (composed form, so that macOS' file names
 * agree with everyone else's), then MurmurHash3's finalizer, since FNV alone keeps `a1, a2, a3` side by side.
 */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of encoder.encode(text.normalize("NFC"))) h = Math.imul(h ^ byte, 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
