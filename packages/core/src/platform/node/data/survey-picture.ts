import { lookOf, type PictureFacts } from "../../../data-report/surveyed-picture.ts";
import { decodePicture, MAX_PIXELS } from "./decode-picture.ts";

/** libvips' colour spaces as people call them. */
const MODES: Readonly<Record<string, string>> = {
  srgb: "RGB",
  rgb: "RGB",
  rgb16: "RGB, 16 bits",
  "b-w": "gray",
  grey16: "gray, 16 bits",
  cmyk: "CMYK",
};

/** What a picture in a JPEG, PNG or WebP file is and how it looks. Throws sharp's error when it is broken or cut short. */
export async function surveyPicture(bytes: Uint8Array): Promise<Omit<PictureFacts, "digest">> {
  const { default: sharp } = await import("sharp");
  const { format, space, hasAlpha } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
  const mode = MODES[space] ?? space;
  const pixels = await decodePicture(bytes);
  const { width, height } = pixels;
  return { width, height, mode: hasAlpha ? `${mode} with alpha` : mode, format, look: lookOf(pixels) };
}
