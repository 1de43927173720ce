import { CHANNELS, type Preprocessing, ResonnxError } from "@resonnx/base";
import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import { floats } from "../ir/tensor.ts";
import { compatible, printType } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";

/**
 * A graph input [count, height, width, 3 or 1] of RGB or grey pictures in [0, 1] in the place of a model's own; the model's input as
 * its preprocessing says: (pixel * scale - mean) / std, pixel in 0..255. Throws `bad-input` where that doesn't fit the model.
 */
export function pictureInput(target: Graph, input: Value, count: number, preprocessing: Preprocessing): Value {
  const { width, height, channelOrder, layout } = preprocessing;
  const channels = CHANNELS[channelOrder];
  const own = layout === "nhwc" ? [count, height, width, channels] : [count, channels, height, width];
  if (input.type.dtype !== "float32" || !compatible(input.shape.with(0, count), own))
    throw new ResonnxError("bad-input", {
      where: `${target.name}: input "${input.name}"`,
      what: "does not take pictures as its preprocessing says",
      got: printType(input.type),
      wanted: `float32[${own}]`,
    });
  const b = new Builder(target);
  const pictures = target.input(input.name ?? "input", { dtype: "float32", shape: [count, height, width, channels] });
  const scaled = normalized(b, inOrder(b, pictures, channelOrder), preprocessing, channels);
  return layout === "nhwc" ? scaled : b.transpose(scaled, [0, 3, 1, 2]);
}

function inOrder(b: Builder, rgb: Value, order: Preprocessing["channelOrder"]): Value {
  return order === "bgr" ? b.gather(rgb, b.ints([2, 1, 0]), 3) : rgb;
}

function normalized(b: Builder, x: Value, { scale, mean, std }: Preprocessing, channels: number): Value {
  const factors = std.map((deviation) => (255 * scale) / deviation);
  const offsets = std.map((deviation, i) => mean[i]! / deviation);
  const row = (numbers: readonly number[]): Value => b.constant(floats([channels], numbers));
  const scaled = factors.every((factor) => Math.abs(factor - 1) < 1e-12) ? x : b.mul(x, row(factors));
  return offsets.every((offset) => offset === 0) ? scaled : b.sub(scaled, row(offsets));
}
