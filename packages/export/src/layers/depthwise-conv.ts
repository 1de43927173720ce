import type { Builder, Value } from "@resonnx/onnx";
import { flag, optional, sizes } from "../config/fields.ts";
import { activated, activationOrLayer } from "./parts/activation-layer.ts";
import { channelsFirst, dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { causalPadding, type Padding, padded, padding, type WindowSizes } from "./parts/padding.ts";
import { layer } from "./rule.ts";

/** Each channel of `input` (channels first) by itself: kernel [...sizes, in, multiplier], multiplier channels out for one in. */
function depthwise(
  b: Builder,
  input: Value,
  kernel: Value,
  kind: Padding,
  window: WindowSizes,
  { name, bias }: { readonly name: string; readonly bias?: Value | undefined },
): Value {
  const spatial = window.kernel.length;
  const [channels, multiplier] = kernel.shape.slice(-2).map(Number) as [number, number];
  // ONNX has [in * multiplier, 1, ...sizes], a channel's own filters together.
  const filters = b.transpose(kernel, [spatial, spatial + 1, ...window.kernel.keys()]);
  const w = b.reshape(filters, [channels * multiplier, 1, ...window.kernel]);
  const { x, pads } = padded(b, input, kind, window, 0);
  const { kernel: kernel_shape, strides, dilations } = window;
  return b.op("Conv", bias ? [x, w, bias] : [x, w], { kernel_shape, strides, pads, dilations, group: channels }, name);
}

const fields = (spatial: 1 | 2) => {
  const ones = new Array<number>(spatial).fill(1);
  return {
    kernel_size: sizes(spatial),
    strides: optional(sizes(spatial), ones),
    padding: optional(spatial === 1 ? causalPadding : padding, "valid"),
    data_format: dataFormat,
    dilation_rate: optional(sizes(spatial), ones),
    use_bias: optional(flag, true),
    activation: activationOrLayer,
  } as const;
};

const depthwiseConv = (spatial: 1 | 2) =>
  layer({
    config: fields(spatial),
    emit(call) {
      const { b, config, name, weight } = call;
      const { kernel_size: kernel, strides, dilation_rate: dilations } = config;
      const bias = config.use_bias ? weight("bias", 1) : undefined;
      const y = channelsFirst(b, onlyOfRank(call, spatial + 2), config.data_format, (x) =>
        depthwise(
          b,
          x,
          weight("depthwise_kernel", spatial + 2),
          config.padding,
          { kernel, strides, dilations },
          { name, bias },
        ),
      );
      return activated(call, config.activation, y);
    },
  });

/** A depthwise convolution, then one over channels alone: pointwise kernel [1, ..., in * multiplier, out]. */
const separableConv = (spatial: 1 | 2) =>
  layer({
    config: fields(spatial),
    emit(call) {
      const { b, config, name, weight } = call;
      const { kernel_size: kernel, strides, dilation_rate: dilations } = config;
      const window = { kernel, strides, dilations };
      const y = channelsFirst(b, onlyOfRank(call, spatial + 2), config.data_format, (x) => {
        const own = { name: `${name}/depthwise` };
        const deep = depthwise(b, x, weight("depthwise_kernel", spatial + 2), config.padding, window, own);
        const axes = [...kernel.keys()];
        const w = b.transpose(weight("pointwise_kernel", spatial + 2), [spatial + 1, spatial, ...axes]);
        const inputs = config.use_bias ? [deep, w, weight("bias", 1)] : [deep, w];
        return b.op("Conv", inputs, { kernel_shape: axes.map(() => 1) }, name);
      });
      return activated(call, config.activation, y);
    },
  });

export const DepthwiseConv1D = depthwiseConv(1);
export const DepthwiseConv2D = depthwiseConv(2);
export const SeparableConv1D = separableConv(1);
export const SeparableConv2D = separableConv(2);
