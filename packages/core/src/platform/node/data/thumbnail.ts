import type { CreateRaw } from "sharp";

/** Pixels of the longer side. */
const SIDE = 96;

/** A picture file, or pixels of the form `raw`, small, as the `data:` URL of a JPEG. */
export async function thumbnailOf(bytes: Uint8Array, raw?: CreateRaw): Promise<string> {
  const { default: sharp } = await import("sharp");
  const jpeg = await sharp(bytes, raw ? { raw } : {})
    .autoOrient()
    .flatten({ background: "white" })
    .resize(SIDE, SIDE, { fit: "inside" })
    .jpeg({ quality: 80 })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
