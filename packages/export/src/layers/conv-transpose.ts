import { flag, nullable, only, optional, sizes, whole } from "../config/fields.ts";
import { activated, activationOrLayer } from "./parts/activation-layer.ts";
import { channelsFirst, dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { type Padding, padding } from "./parts/padding.ts";
import { layer } from "./rule.ts";

interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Keras' `output_padding`; null lets the padding decide. */
  readonly extra: number | null;
}

/**
 * ONNX' pads and output padding of one axis, for TensorFlow's output size: `in * stride` for "same" and, where windows
 * leave no gaps, `(in - 1) * stride + reach` for "valid"; (in - 1) * stride + reach - 2 * floor(reach / 2) + extra for
 * "same" with an explicit `output_padding`.
 */
function edges(kind: Padding, { kernel, stride, dilation, extra }: Axis): { pads: [number, number]; added: number } {
  const reach = dilation * (kernel - 1) + 1;
  const gap = Math.max(0, stride - reach);
  if (kind === "valid") return { pads: [0, 0], added: extra ?? gap };
  const surplus = extra === null ? reach - stride : 2 * Math.floor(reach / 2) - extra;
  const cut = Math.max(0, surplus);
  return { pads: [Math.floor(cut / 2), Math.ceil(cut / 2)], added: Math.max(0, -surplus) };
}

/** The input gradient of a convolution as a layer; kernel [...sizes, out, in]. */
const convTranspose = (spatial: 1 | 2 | 3) => {
  const ones = new Array<number>(spatial).fill(1);
  const axes = [...ones.keys()];
  return layer({
    config: {
      kernel_size: sizes(spatial),
      strides: optional(sizes(spatial), ones),
      padding: optional(padding, "valid"),
      output_padding: nullable(whole(spatial)),
      data_format: dataFormat,
      dilation_rate: optional(sizes(spatial), ones),
      groups: only(1),
      use_bias: optional(flag, true),
      activation: activationOrLayer,
    },
    emit(call) {
      const { b, config, name, weight } = call;
      const { kernel_size: kernel, strides, dilation_rate: dilations, output_padding: extra } = config;
      const sides = axes.map((axis) =>
        edges(config.padding, {
          kernel: kernel[axis]!,
          stride: strides[axis]!,
          dilation: dilations[axis]!,
          extra: extra?.[axis] ?? null,
        }),
      );
      const pads = [...sides.map((side) => side.pads[0]), ...sides.map((side) => side.pads[1])];
      const added = sides.map((side) => side.added);
      const grown = added.some((size) => size > 0) ? { output_padding: added } : {};
      const y = channelsFirst(b, onlyOfRank(call, spatial + 2), config.data_format, (x) => {
        // ONNX has [in, out, ...sizes].
        const w = b.transpose(weight("kernel", spatial + 2), [spatial + 1, spatial, ...axes]);
        const inputs = config.use_bias ? [x, w, weight("bias", 1)] : [x, w];
        return b.op("ConvTranspose", inputs, { kernel_shape: kernel, strides, pads, dilations, ...grown }, name);
      });
      return activated(call, config.activation, y);
    },
  });
};

export const Conv1DTranspose = convTranspose(1);
export const Conv2DTranspose = convTranspose(2);
export const Conv3DTranspose = convTranspose(3);
