import { flag, optional, pair, positive } from "../config/fields.ts";
import { activate, activation } from "./parts/activation.ts";
import { channelsFirst, dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { explicitPads, padding } from "./parts/padding.ts";
import { layer } from "./rule.ts";

/** Kernel [height, width, in / groups, out] -> ONNX's [out, in / groups, height, width]. */
const KERNEL_TO_ONNX = [3, 2, 0, 1];

export const Conv2D = layer({
  config: {
    kernel_size: pair,
    strides: optional(pair, [1, 1]),
    padding: optional(padding, "valid"),
    data_format: dataFormat,
    dilation_rate: optional(pair, [1, 1]),
    groups: optional(positive, 1),
    use_bias: optional(flag, true),
    activation,
  },
  emit(call) {
    const { b, config, name, weight, where } = call;
    const { kernel_size: kernel, strides, dilation_rate: dilations, groups: group } = config;
    const y = channelsFirst(b, onlyOfRank(call, 4), config.data_format, (x) => {
      const w = b.transpose(weight("kernel", 4), KERNEL_TO_ONNX);
      const pads = explicitPads(config.padding, x.shape.slice(2), { kernel, strides, dilations }, where);
      const inputs = config.use_bias ? [x, w, weight("bias", 1)] : [x, w];
      return b.op("Conv", inputs, { kernel_shape: kernel, strides, pads, dilations, group }, name);
    });
    return activate(b, config.activation, y, `${name}/${config.activation}`);
  },
});
