import { overWhite, type Pixels, resize } from "@resonnx/base";

/**
 * A picture as training reads it: u8 RGB [height, width, 3], alpha over white, then resized. It is what the runtimes'
 * `toTensor` does before the values are scaled, so a model sees the same pixels in training and afterwards.
 */
export function rgbOf(pixels: Pixels, width: number, height: number): Uint8Array {
  const { data } = resize(overWhite(pixels), width, height);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return rgb;
}

/** An opaque RGB picture as RGBA pixels. */
export function pixelsOf(rgb: Uint8Array, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
  return { width, height, data };
}
