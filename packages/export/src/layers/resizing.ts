import type { Builder, Value } from "@resonnx/onnx";
import { flag, number, oneOf, only, optional, positive } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { centerCrop, cropToAspect, interpolation, pictureSize, resizeTo } from "./parts/resize.ts";
import { layer } from "./rule.ts";

type Hw = readonly [number, number];

/** Pixels as numbers that can be interpolated. */
const floats = (b: Builder, x: Value): Value => (x.type.dtype === "float32" ? x : b.op("Cast", [x], { to: "float32" }));

/** The picture with as much on both sides as brings it to the target's shape, up to a pixel. */
function padToAspect(b: Builder, x: Value, first: boolean, size: Hw, target: Hw, fill: number): Value {
  const height = Math.max(size[0], Math.trunc((size[1] * target[0]) / target[1]));
  const width = Math.max(size[1], Math.trunc((size[0] * target[1]) / target[0]));
  const [above, beside] = [Math.trunc((height - size[0]) / 2), Math.trunc((width - size[1]) / 2)];
  const sides = first ? [0, 0, above, beside] : [0, above, beside, 0];
  return b.op("Pad", [x, b.ints([...sides, ...sides]), fill], {});
}

/** Pictures of a fixed size. tfjs has this layer, but its `call` fails in every model. */
export const Resizing = layer({
  config: {
    height: positive,
    width: positive,
    interpolation: interpolation("bilinear"),
    crop_to_aspect_ratio: optional(flag, false),
    pad_to_aspect_ratio: optional(flag, false),
    fill_mode: optional(oneOf("constant"), "constant"),
    fill_value: optional(number, 0),
    antialias: only(false),
    data_format: dataFormat,
  },
  emit(call) {
    const { b, config, name, where } = call;
    const input = onlyOfRank(call, 4);
    const x = floats(b, input);
    const first = config.data_format === "channels_first";
    const target: Hw = [config.height, config.width];
    const fitted = (): Value => {
      if (!config.crop_to_aspect_ratio && !config.pad_to_aspect_ratio) return x;
      const size = pictureSize(x, first, where);
      return config.crop_to_aspect_ratio
        ? centerCrop(b, x, first, cropToAspect(size, target), size)
        : padToAspect(b, x, first, size, target, config.fill_value);
    };
    return resizeTo(b, fitted(), first, target, config.interpolation, name);
  },
});

/** The middle of a picture; one that is too small is cropped to the target's shape and enlarged (tfjs: stretched). */
export const CenterCrop = layer({
  config: { height: positive, width: positive, interpolation: interpolation("bilinear"), data_format: dataFormat },
  emit(call) {
    const { b, config, name, where } = call;
    const x = onlyOfRank(call, 4);
    const first = config.data_format === "channels_first";
    const size = pictureSize(x, first, where);
    const target: Hw = [config.height, config.width];
    if (size[0] >= target[0] && size[1] >= target[1]) return centerCrop(b, x, first, target, size, name);
    const stretch = config.interpolation === "bilinear_asymmetric";
    const part = stretch ? x : centerCrop(b, x, first, cropToAspect(size, target), size);
    return resizeTo(b, floats(b, part), first, target, config.interpolation, name);
  },
});
