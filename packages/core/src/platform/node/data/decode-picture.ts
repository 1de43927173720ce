import type { Pixels } from "@resonnx/base";

/** A picture with more pixels than this is refused: as RGBA it would take 400 MB. */
export const MAX_PIXELS = 100_000_000;
/** Bytes of a file below which alpha is added here: sharp takes 0.3 ms for it, a third of a small picture's time, but no more for a large one. */
const SMALL = 16_384;

/**
 * The picture in a JPEG, PNG or WebP file, turned as its EXIF says, in sRGB with 8 bits a channel whatever its colour
 * mode. Throws sharp's error when it is broken or cut short.
 */
export async function decodePicture(bytes: Uint8Array): Promise<Pixels> {
  const { default: sharp } = await import("sharp");
  const picture = sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS }).autoOrient().toColourspace("srgb");
  const { data, info } = await (bytes.length < SMALL ? picture : picture.ensureAlpha())
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, data: channels === 4 ? data : rgba(data, channels) };
}

/** Gray, gray with alpha, or RGB as RGBA. */
function rgba(data: Uint8Array, channels: number): Uint8Array {
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2]; // gray is all three
  const result = new Uint8Array((data.length / channels) * 4);
  for (let from = 0, to = 0; to < result.length; from += channels, to += 4) {
    result[to] = data[from]!;
    result[to + 1] = data[from + green]!;
    result[to + 2] = data[from + blue]!;
    result[to + 3] = channels === 2 ? data[from + 1]! : 255;
  }
  return result;
}
