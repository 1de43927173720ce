import { flag, optional, positive } from "../../config/fields.ts";
import { activate, activation } from "../parts/activation.ts";
import { cellRule } from "./cell.ts";
import { cellDropout, dropping } from "./dropout.ts";
import { biasPair, gatesFirst } from "./gates.ts";
import { onnxActivations } from "./operator.ts";

/** h = activation(x · kernel + bias + h · recurrent_kernel) */
export const SimpleRNNCell = cellRule({
  config: { units: positive, use_bias: optional(flag, true), activation, ...cellDropout },
  bind(call) {
    const { b, config, name, weight } = call;
    const kernel = weight("kernel", 2);
    const recurrent = weight("recurrent_kernel", 2);
    const bias = config.use_bias ? weight("bias", 1) : undefined;
    const input = dropping(call, config.dropout);
    const state = dropping(call, config.recurrent_dropout);
    const activations = onnxActivations(config.activation);
    return {
      stateShapes: [[config.units]],
      operator: activations && {
        op: "RNN",
        hidden: config.units,
        w: gatesFirst(b, kernel, config.units, [0]),
        r: gatesFirst(b, recurrent, config.units, [0]),
        bias: bias && biasPair(b, bias),
        activations,
      },
      project: (b, x) => (bias ? b.add(b.matmul(input(b, x), kernel), bias) : b.matmul(input(b, x), kernel)),
      step(b, projected, [h]) {
        const product = b.add(projected, b.matmul(state(b, h!), recurrent));
        return [activate(b, config.activation, product, `${name}/${config.activation}`)];
      },
    };
  },
});
