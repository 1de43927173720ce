import { type Pixels, type Preprocessing, toTensor } from "@resonnx/base";

/**
 * A picture as training reads it: u8 RGB [height, width, 3], alpha over white, then resized. It is the runtimes' own
 * preprocessing with nothing done to the values, so a model sees the same pixels in training and afterwards.
 */
export function rgbOf(pixels: Pixels, width: number, height: number): Uint8Array {
  return Uint8Array.from(toTensor(pixels, { ...untouched, width, height }));
}

const untouched: Omit<Preprocessing, "width" | "height"> = {
  channelOrder: "rgb",
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  layout: "nhwc",
};

/** An opaque RGB picture as RGBA pixels. */
export function pixelsOf(rgb: Uint8Array, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
  return { width, height, data };
}
