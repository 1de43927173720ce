import { CHANNELS, type Pixels, type Preprocessing, toTensor } from "@resonnx/base";
import { Tensor } from "@resonnx/runtime";

/** Pictures as one float32 input; rows beyond them, for files with a fixed batch, are zeros. */
export function batchTensor(
  pictures: readonly Pixels[],
  preprocessing: Preprocessing,
  rows: number = pictures.length,
): Tensor {
  const { width, height, channelOrder, layout } = preprocessing;
  const channels = CHANNELS[channelOrder];
  const size = width * height * channels;
  const data = new Float32Array(rows * size);
  for (const [i, pixels] of pictures.entries()) data.set(toTensor(pixels, preprocessing), i * size);
  return new Tensor("float32", data, [
    rows,
    ...(layout === "nhwc" ? [height, width, channels] : [channels, height, width]),
  ]);
}

/** The batch that a file insists on; undefined when any will do. */
export const fixedBatch = (shape: readonly (number | string)[]): number | undefined =>
  typeof shape[0] === "number" ? shape[0] : undefined;

/** One RGB picture of a data set's split as pixels. */
export function rgbPixels(rgb: Uint8Array, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let from = 0, to = 0; to < data.length; from += 3, to += 4) data.set(rgb.subarray(from, from + 3), to);
  return { width, height, data };
}
