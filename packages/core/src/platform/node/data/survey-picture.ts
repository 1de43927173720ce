import type { Sharp } from "sharp";
import { HASHED_SIDE } from "../../../data-report/perceptual-hash.ts";
import { type Look, lookOf, type PictureFacts } from "../../../data-report/surveyed-picture.ts";
import { MAX_PIXELS } from "./decode-picture.ts";

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
  const picture = sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS });
  const { format, space, hasAlpha, autoOrient } = await picture.metadata();
  const mode = MODES[space] ?? space;
  const look = await lookOfPicture(picture.autoOrient());
  return { ...autoOrient, mode: hasAlpha ? `${mode} with alpha` : mode, format, look };
}

/** How u8 RGB pixels look. */
export async function lookOfPixels(rgb: Uint8Array, width: number, height: number): Promise<Look> {
  const { default: sharp } = await import("sharp");
  return lookOfPicture(sharp(rgb, { raw: { width, height, channels: 3 } }));
}

async function lookOfPicture(picture: Sharp): Promise<Look> {
  const gray = await picture
    .flatten({ background: "white" })
    .toColourspace("b-w")
    .resize(HASHED_SIDE, HASHED_SIDE, { fit: "fill", fastShrinkOnLoad: false }) // or a copy in another format looks otherwise
    .raw({ depth: "uchar" })
    .toBuffer();
  return lookOf(gray);
}
