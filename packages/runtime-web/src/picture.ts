import { type Pixels, ResonnxError, reasonOf } from "@resonnx/base";

/** Everything that a page can show a picture with. */
export type Picture =
  | HTMLImageElement
  | HTMLCanvasElement
  | HTMLVideoElement
  | OffscreenCanvas
  | ImageBitmap
  | ImageData
  | Blob
  | Pixels;

/** The picture's own pixels at its natural size. Throws `bad-input` when it can't be decoded or has no size yet. */
export async function pixelsOf(picture: Picture): Promise<Pixels> {
  if (isPixels(picture)) return picture;
  const bitmap = await decode(picture);
  try {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) throw refused("the browser gives no 2d canvas");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** ImageData is of this shape too. A canvas also has width and height, but no data. */
function isPixels(picture: Picture): picture is Pixels | ImageData {
  return "data" in picture && "width" in picture;
}

/** In sRGB and turned by EXIF, as runtime-node decodes it. */
async function decode(picture: Exclude<Picture, Pixels>): Promise<ImageBitmap> {
  if (typeof HTMLImageElement !== "undefined" && picture instanceof HTMLImageElement && !picture.complete)
    await picture.decode().catch(() => undefined);
  try {
    return await createImageBitmap(picture, { colorSpaceConversion: "default", imageOrientation: "from-image" });
  } catch (error) {
    throw refused(reasonOf(error), error);
  }
}

function refused(what: string, cause?: unknown): ResonnxError {
  const hint = "wait until an <img> or <video> has loaded; a Blob must be a png, jpeg, webp or another picture";
  return new ResonnxError("bad-input", { where: "picture", what, hint, ...(cause !== undefined && { cause }) });
}
