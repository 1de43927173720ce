import { CHANNELS, type ChannelOrder, type Preprocessing } from "../metadata/preprocessing.ts";
import { LUMA } from "./luma.ts";
import type { Pixels } from "./pixels.ts";
import { checkPixels } from "./pixels.ts";
import { isOpaque, resize } from "./resize.ts";

/** Weights of red, green and blue in each channel. */
const channelWeights: { readonly [K in ChannelOrder]: readonly (readonly [number, number, number])[] } = {
  rgb: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  bgr: [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ],
  gray: [LUMA],
};

/**
 * The model's input for one picture, [height, width, channels] or [channels, height, width] by `layout`:
 * alpha over white, resized when needed, then (pixel * scale - mean) / std. Throws `bad-input` on broken pixels.
 */
export function toTensor(pixels: Pixels, preprocessing: Preprocessing): Float32Array {
  checkPixels(pixels);
  const { width, height, channelOrder, scale, mean, std, layout } = preprocessing;
  const { data } = resize(overWhite(pixels), width, height);
  const count = width * height;
  const channels = CHANNELS[channelOrder];
  const [pixelStride, channelStride] = layout === "nhwc" ? [channels, 1] : [1, count];
  const tensor = new Float32Array(count * channels);
  channelWeights[channelOrder].forEach(([red, green, blue], c) => {
    for (let i = 0; i < count; i++) {
      const value = red * data[i * 4]! + green * data[i * 4 + 1]! + blue * data[i * 4 + 2]!;
      tensor[i * pixelStride + c * channelStride] = (value * scale - mean[c]!) / std[c]!;
    }
  });
  return tensor;
}

/** The picture laid on white paper; an opaque one as it is. */
export function overWhite(pixels: Pixels): Pixels {
  if (isOpaque(pixels.data)) return pixels;
  const data = new Uint8ClampedArray(pixels.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = pixels.data[i + 3]! / 255;
    for (let c = 0; c < 3; c++) data[i + c] = pixels.data[i + c]! * alpha + 255 * (1 - alpha);
    data[i + 3] = 255;
  }
  return { ...pixels, data };
}
