import { CHANNELS, type Preprocessing, ResonnxError, readMetadata } from "@resonnx/base";
import { describe, type OnnxModel, type Shape } from "@resonnx/onnx";
import { fineTune } from "../engines/onnx/fine-tune.ts";
import type { TransferOptions } from "./transfer.ts";

/**
 * The model of an `.onnx` file for other classes: a new head, unless the file says that its classes are these. Throws as
 * `fineTune` does.
 */
export function transferredOnnx(
  bytes: Uint8Array,
  { labels, seed, where, size }: TransferOptions & { readonly size: number },
): OnnxModel {
  const pictures = onnxPictures(bytes, size, where);
  const own = fineTune(bytes, { pictures, where });
  if (own.isClassifier && `${readMetadata(bytes).labels}` === `${labels}`) return own;
  return fineTune(bytes, { classes: labels.length, seed, pictures, where });
}

/**
 * How pictures become a file's input: as it says itself, else values in [0, 1] in the layout that its input's channels
 * tell, of `size` where it leaves its own open. Throws `bad-input` for a model that takes no pictures.
 */
export function onnxPictures(bytes: Uint8Array, size: number, where: string): Preprocessing {
  const { preprocessing } = readMetadata(bytes);
  if (preprocessing) return preprocessing;
  const [input, ...more] = describe(bytes, where).inputs;
  const shape = input?.shape ?? [];
  const found = more.length === 0 ? layouts.find(({ channels }) => isChannels(shape[channels])) : undefined;
  if (shape.length !== 4 || !found) {
    const got = [input, ...more].map((each) => `[${each?.shape}]`).join(" and ");
    throw new ResonnxError("bad-input", {
      where,
      what: "takes no pictures",
      got,
      wanted: "[n, height, width, 1 or 3] or [n, 1 or 3, height, width]",
    });
  }
  const channels = shape[found.channels] as 1 | 3;
  const side = (axis: number): number => (typeof shape[axis] === "number" ? shape[axis] : size);
  return {
    width: side(found.width),
    height: side(found.width - 1),
    channelOrder: channels === 1 ? "gray" : "rgb",
    scale: 1 / 255,
    mean: new Array<number>(channels).fill(0),
    std: new Array<number>(channels).fill(1),
    layout: found.layout,
  };
}

/** Where each layout has which axis. */
const layouts = [
  { layout: "nhwc", channels: 3, width: 2 },
  { layout: "nchw", channels: 1, width: 3 },
] as const;

const isChannels = (dim: Shape[number] | undefined): boolean => dim === CHANNELS.gray || dim === CHANNELS.rgb;
