import type { Pixels } from "@resonnx/base";

/** A picture with more pixels than this is refused: as RGBA it would take 400 MB. */
export const MAX_PIXELS = 100_000_000;

/**
 * The picture in a JPEG, PNG or WebP file, turned as its EXIF says, in sRGB with 8 bits a channel whatever its colour
 * mode. Throws sharp's error when it is broken or cut short.
 */
export async function decodePicture(bytes: Uint8Array): Promise<Pixels> {
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
