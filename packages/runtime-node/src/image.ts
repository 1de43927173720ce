import { type Pixels, ResonnxError, reasonOf } from "@resonnx/base";
import sharp from "sharp";
import { readWhole } from "./read-file.ts";

/** A picture: the path or the bytes of a JPEG, PNG or WebP file, or its pixels. */
export type Image = string | Uint8Array | Pixels;

const FORMATS = ["jpeg", "png", "webp"];
const KIND = "a JPEG, PNG or WebP picture";

/** 100 megapixels are 400 MB of RGBA; a file may claim any size in a few bytes. */
const MAX_PIXELS = 100e6;

/** The picture's pixels, upright (EXIF orientation applied) and in sRGB. Throws `bad-input`, `not-found` or `aborted`. */
export async function toPixels(image: Image, signal?: AbortSignal): Promise<Pixels> {
  if (typeof image === "string") return decode(await readWhole(image, KIND, signal), image);
  return image instanceof Uint8Array ? decode(image, "picture") : image;
}

async function decode(bytes: Uint8Array, where: string): Promise<Pixels> {
  try {
    const picture = sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS });
    const { format } = await picture.metadata();
    if (!FORMATS.includes(format)) throw new Error(`a ${format} file`);
    const upright = picture.autoOrient().toColourspace("srgb").ensureAlpha();
    const { data, info } = await upright.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw new ResonnxError("bad-input", { where, what: "can't be decoded", got: reasonOf(cause), wanted: KIND, cause });
  }
}
