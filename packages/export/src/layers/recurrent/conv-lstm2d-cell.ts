import { ResonnxError } from "@resonnx/base";
import { isStatic, printType, type Shape, type Value } from "@resonnx/onnx";
import { flag, optional, positive, sizes } from "../../config/fields.ts";
import { activate, activation } from "../parts/activation.ts";
import { channelsFirst, dataFormat } from "../parts/data-format.ts";
import { padded, padding } from "../parts/padding.ts";
import { cellRule } from "./cell.ts";

/** LSTM whose products are convolutions: the input's with the layer's strides and padding, the state's "same". Gates i, f, c, o. */
export const ConvLSTM2DCell = cellRule({
  config: {
    filters: positive,
    kernel_size: sizes(2),
    strides: optional(sizes(2), [1, 1]),
    padding: optional(padding, "valid"),
    data_format: dataFormat,
    dilation_rate: optional(sizes(2), [1, 1]),
    use_bias: optional(flag, true),
    activation,
    recurrent_activation: activation,
  },
  bind({ b, config, inputs, name, weight, where }) {
    const { filters, kernel_size: kernel, strides, dilation_rate: dilations, data_format: format } = config;
    const [w, r] = [weight("kernel", 4), weight("recurrent_kernel", 4)].map((each) => b.transpose(each, [3, 2, 0, 1]));
    const bias = config.use_bias ? [weight("bias", 1)] : [];
    const ones = [1, 1];
    const ofInput = (x: Value): Value =>
      channelsFirst(b, x, format, (input) => {
        const { x, pads } = padded(b, input, config.padding, { kernel, strides, dilations }, 0);
        return b.op("Conv", [x, w, ...bias], { kernel_shape: kernel, strides, pads, dilations }, name);
      });
    const ofState = (h: Value): Value =>
      channelsFirst(b, h, format, (input) => {
        const { x, pads } = padded(b, input, "same", { kernel, strides: ones }, 0);
        return b.op("Conv", [x, r], { kernel_shape: kernel, strides: ones, pads }, `${name}/recurrent`);
      });
    const channel = format === "channels_last" ? -1 : 1;
    const gates = (x: Value): Value[] =>
      [0, 1, 2, 3].map((gate) =>
        b.op("Slice", [x, b.ints([gate * filters]), b.ints([(gate + 1) * filters]), b.ints([channel])], {}),
      );
    const gate = (x: Value): Value => activate(b, config.recurrent_activation, x, `${name}/gate`);
    const inner = (x: Value): Value => activate(b, config.activation, x, `${name}/${config.activation}`);
    const shape = stateShape(inputs[0]!, where, { ...config, kernel });
    return {
      stateShapes: [shape, shape],
      operator: undefined,
      step(_b, x, [h, c]) {
        const [i, f, fresh, o] = gates(b.add(ofInput(x), ofState(h!)));
        const next = b.add(b.mul(gate(f!), c!), b.mul(gate(i!), inner(fresh!)));
        return [b.mul(gate(o!), inner(next)), next];
      },
    };
  },
});

interface Window {
  readonly filters: number;
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilation_rate: readonly number[];
  readonly padding: "valid" | "same";
  readonly data_format: "channels_last" | "channels_first";
}

/** The sizes of a state, without the batch, for input [batch, time, ...picture]. */
function stateShape(x: Value, where: string, window: Window): number[] {
  const first = window.data_format === "channels_first";
  const spatial: Shape = first ? x.shape.slice(3) : x.shape.slice(2, 4);
  if (x.rank !== 5 || !isStatic(spatial))
    throw new ResonnxError("unsupported", {
      where,
      what: "recurrent convolutions over",
      got: printType(x.type),
      wanted: "[batch, time, picture] with known height and width",
    });
  const out = spatial.map((dim, axis) => {
    const reach = window.dilation_rate[axis]! * (window.kernel[axis]! - 1) + 1;
    return Math.ceil((window.padding === "same" ? dim : dim - reach + 1) / window.strides[axis]!);
  });
  return first ? [window.filters, ...out] : [...out, window.filters];
}
