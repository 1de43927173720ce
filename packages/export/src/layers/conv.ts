import { flag, optional, positive, sizes } from "../config/fields.ts";
import { activated, activationOrLayer } from "./parts/activation-layer.ts";
import { channelsFirst, dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { causalPadding, padded, padding } from "./parts/padding.ts";
import { layer } from "./rule.ts";

/** A convolution over `spatial` axes; kernel [...sizes, in / groups, out]. */
const conv = (spatial: 1 | 2 | 3) => {
  const ones = new Array<number>(spatial).fill(1);
  const axes = [...ones.keys()];
  return layer({
    config: {
      kernel_size: sizes(spatial),
      strides: optional(sizes(spatial), ones),
      padding: optional(spatial === 1 ? causalPadding : padding, "valid"),
      data_format: dataFormat,
      dilation_rate: optional(sizes(spatial), ones),
      groups: optional(positive, 1),
      use_bias: optional(flag, true),
      activation: activationOrLayer,
    },
    emit(call) {
      const { b, config, name, weight } = call;
      const { kernel_size: kernel, strides, dilation_rate: dilations, groups: group } = config;
      const y = channelsFirst(b, onlyOfRank(call, spatial + 2), config.data_format, (input) => {
        // ONNX has [out, in / groups, ...sizes].
        const w = b.transpose(weight("kernel", spatial + 2), [spatial + 1, spatial, ...axes]);
        const { x, pads } = padded(b, input, config.padding, { kernel, strides, dilations }, 0);
        const inputs = config.use_bias ? [x, w, weight("bias", 1)] : [x, w];
        return b.op("Conv", inputs, { kernel_shape: kernel, strides, pads, dilations, group }, name);
      });
      return activated(call, config.activation, y);
    },
  });
};

export const Conv1D = conv(1);
export const Conv2D = conv(2);
export const Conv3D = conv(3);
