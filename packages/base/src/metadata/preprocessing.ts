/** How a picture becomes the model's input: value = (pixel * scale - mean) / std, pixel in 0..255. */
export interface Preprocessing {
  /** Pixels; the picture is resized to exactly width x height. */
  readonly width: number;
  readonly height: number;
  readonly channelOrder: ChannelOrder;
  /** Multiplies the pixel first, 1/255 for values in [0, 1]. */
  readonly scale: number;
  /** One number a channel, in the tensor's channel order, after scaling. */
  readonly mean: readonly number[];
  /** One number a channel, none of them 0. */
  readonly std: readonly number[];
  readonly layout: "nhwc" | "nchw";
}

export type ChannelOrder = "rgb" | "bgr" | "gray";

/** How many channels the tensor has. */
export const CHANNELS: { readonly [K in ChannelOrder]: number } = { rgb: 3, bgr: 3, gray: 1 };

/** The largest picture side that a file may ask for: 3 float channels of it are 3 GB, beyond any classifier. */
export const MAX_SIDE = 16_384;
