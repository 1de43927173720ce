import { ResonnxError } from "@resonnx/base";
import { isStatic, printType, type Shape, type Value } from "@resonnx/onnx";
import { flag, optional, positive, sizes } from "../../config/fields.ts";
import { activate, activation } from "../parts/activation.ts";
import { channelsFirst, dataFormat } from "../parts/data-format.ts";
import { padded, padding } from "../parts/padding.ts";
import type { CallContext } from "../rule.ts";
import { cellRule } from "./cell.ts";
import { cellDropout } from "./dropout.ts";

/**
 * LSTM whose products are convolutions: the input's with the layer's strides and padding, the state's "same". Gates i, f, c, o.
 */
const convLstmCell = (spatial: 1 | 2 | 3) => {
  const ones = new Array<number>(spatial).fill(1);
  return cellRule({
    config: {
      filters: positive,
      kernel_size: sizes(spatial),
      strides: optional(sizes(spatial), ones),
      padding: optional(padding, "valid"),
      data_format: dataFormat,
      dilation_rate: optional(sizes(spatial), ones),
      use_bias: optional(flag, true),
      activation,
      recurrent_activation: activation,
      ...cellDropout,
    },
    bind(call) {
      const { b, config, name } = call;
      if (call.training && config.dropout + config.recurrent_dropout > 0)
        throw new ResonnxError("unsupported", {
          where: call.where,
          what: "training with dropout in recurrent convolutions",
        });
      const { filters } = config;
      const { ofInput, ofState } = convolutions(call);
      const channel = config.data_format === "channels_last" ? -1 : 1;
      const gates = (x: Value): Value[] =>
        [0, 1, 2, 3].map((gate) =>
          b.op("Slice", [x, b.ints([gate * filters]), b.ints([(gate + 1) * filters]), b.ints([channel])], {}),
        );
      const gate = (x: Value): Value => activate(b, config.recurrent_activation, x, `${name}/gate`);
      const inner = (x: Value): Value => activate(b, config.activation, x, `${name}/${config.activation}`);
      const shape = stateShape(call.inputs[0]!, call.where, config);
      return {
        stateShapes: [shape, shape],
        operator: undefined,
        project: (_b, x) => x, // a Conv takes one batch axis
        step(_b, x, [h, c]) {
          const [i, f, fresh, o] = gates(b.add(ofInput(x), ofState(h!)));
          const next = b.add(b.mul(gate(f!), c!), b.mul(gate(i!), inner(fresh!)));
          return [b.mul(gate(o!), inner(next)), next];
        },
      };
    },
  });
};

export const ConvLSTM1DCell = convLstmCell(1);
export const ConvLSTM2DCell = convLstmCell(2);
export const ConvLSTM3DCell = convLstmCell(3);

function convolutions({ b, config, name, weight }: CallContext & { readonly config: Window & { use_bias: boolean } }) {
  const { kernel_size: kernel, strides, dilation_rate: dilations, data_format: format } = config;
  const rank = kernel.length + 2;
  const ones = kernel.map(() => 1);
  // ONNX has [out, in, ...sizes].
  const [w, r] = [weight("kernel", rank), weight("recurrent_kernel", rank)].map((each) =>
    b.transpose(each, [rank - 1, rank - 2, ...kernel.keys()]),
  );
  const bias = config.use_bias ? [weight("bias", 1)] : [];
  return {
    ofInput: (x: Value): Value =>
      channelsFirst(b, x, format, (input) => {
        const { x, pads } = padded(b, input, config.padding, { kernel, strides, dilations }, 0);
        return b.op("Conv", [x, w, ...bias], { kernel_shape: kernel, strides, pads, dilations }, name);
      }),
    ofState: (h: Value): Value =>
      channelsFirst(b, h, format, (input) => {
        const { x, pads } = padded(b, input, "same", { kernel, strides: ones }, 0);
        return b.op("Conv", [x, r], { kernel_shape: kernel, strides: ones, pads }, `${name}/recurrent`);
      }),
  };
}

interface Window {
  readonly filters: number;
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation_rate: readonly number[];
  readonly padding: "valid" | "same";
  readonly data_format: "channels_last" | "channels_first";
}

/** The sizes of a state, without the batch, for input [batch, time, ...picture]. */
function stateShape(x: Value, where: string, window: Window): number[] {
  const first = window.data_format === "channels_first";
  const axes = window.kernel_size.length;
  const spatial: Shape = first ? x.shape.slice(3) : x.shape.slice(2, 2 + axes);
  if (x.rank !== axes + 3 || !isStatic(spatial))
    throw new ResonnxError("unsupported", {
      where,
      what: "recurrent convolutions over",
      got: printType(x.type),
      wanted: `[batch, time, ...picture] of rank ${axes + 3} with known sizes`,
    });
  const out = spatial.map((dim, axis) => {
    const reach = window.dilation_rate[axis]! * (window.kernel_size[axis]! - 1) + 1;
    return Math.ceil((window.padding === "same" ? dim : dim - reach + 1) / window.strides[axis]!);
  });
  return first ? [window.filters, ...out] : [...out, window.filters];
}
