import { ResonnxError } from "../errors/error.ts";

/** A picture: RGBA bytes in rows from the top left, alpha not premultiplied; the shape of a canvas' ImageData. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** width * height * 4 bytes. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Throws `bad-input` unless the sizes are positive whole numbers and fit the data. */
export function checkPixels({ width, height, data }: Pixels): void {
  checkSize(width, height, "pixels");
  if (data.length !== width * height * 4) {
    throw new ResonnxError("bad-input", {
      where: "pixels",
      what: "the data doesn't fit the size",
      got: `${data.length} bytes for ${width}x${height}`,
      wanted: `${width * height * 4} bytes of RGBA`,
    });
  }
}

/** Throws `bad-input` unless both sides are positive whole numbers. */
export function checkSize(width: number, height: number, where: string): void {
  if (![width, height].every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new ResonnxError("bad-input", {
      where,
      what: "a picture needs positive whole sides",
      got: `${width}x${height}`,
    });
  }
}
