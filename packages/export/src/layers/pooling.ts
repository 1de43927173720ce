import type { Builder, Value } from "@resonnx/onnx";
import { nullable, optional, sizes } from "../config/fields.ts";
import { channelsFirst, dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { type Padding, padded, padding, type WindowSizes } from "./parts/padding.ts";
import { layer } from "./rule.ts";

type Pool = (b: Builder, x: Value, kind: Padding, window: WindowSizes, name: string) => Value;

const maximum: Pool = (b, input, kind, window, name) => {
  const { x, pads } = padded(b, input, kind, window, Number.NEGATIVE_INFINITY);
  return b.op("MaxPool", [x], { kernel_shape: window.kernel, strides: window.strides, pads }, name);
};

/** Padding does not count in the mean: where it had to be computed, each mean is divided by the share of its window that is no padding. */
const mean: Pool = (b, input, kind, window, name) => {
  const { x, pads, computed } = padded(b, input, kind, window, 0);
  const attrs = { kernel_shape: window.kernel, strides: window.strides, pads };
  if (!computed) return b.op("AveragePool", [x], attrs, name);
  const spatial = b.gather(b.op("Shape", [input], {}), b.ints(window.kernel.map((_, axis) => axis + 2)), 0);
  const ones = b.op("Expand", [1, b.concat([b.ints([1, 1]), spatial], 0)], {});
  const shares = b.op("AveragePool", [padded(b, ones, kind, window, 0).x], attrs);
  return b.op("Div", [b.op("AveragePool", [x], attrs), shares], {}, name);
};

/** 1-D pools are written over pictures of height 1: WebGPU has no others (onnxruntime #21386). */
const asPicture =
  (pool: Pool): Pool =>
  (b, x, kind, window, name) => {
    const wide = { kernel: [1, ...window.kernel], strides: [1, ...window.strides] };
    const picture = b.op("Unsqueeze", [x, b.ints([2])], {});
    return b.op("Squeeze", [pool(b, picture, kind, wide, name), b.ints([2])], {}, `${name}/squeeze`);
  };

/** A window's maximum or mean; padding counts in neither. */
const pooling = (spatial: 1 | 2 | 3, pool: Pool) =>
  layer({
    config: {
      pool_size: optional(sizes(spatial), new Array<number>(spatial).fill(2)),
      strides: nullable(sizes(spatial)),
      padding: optional(padding, "valid"),
      data_format: dataFormat,
    },
    emit(call) {
      const { b, config, name } = call;
      const kernel = config.pool_size;
      const window = { kernel, strides: config.strides ?? kernel };
      return channelsFirst(b, onlyOfRank(call, spatial + 2), config.data_format, (x) =>
        (spatial === 1 ? asPicture(pool) : pool)(b, x, config.padding, window, name),
      );
    },
  });

export const MaxPooling1D = pooling(1, maximum);
export const MaxPooling2D = pooling(2, maximum);
export const MaxPooling3D = pooling(3, maximum);
export const AveragePooling1D = pooling(1, mean);
export const AveragePooling2D = pooling(2, mean);
export const AveragePooling3D = pooling(3, mean);
