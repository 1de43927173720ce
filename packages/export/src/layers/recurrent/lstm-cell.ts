import { flag, optional, positive } from "../../config/fields.ts";
import { activate, activation } from "../parts/activation.ts";
import { cellRule } from "./cell.ts";
import { cellDropout, dropping } from "./dropout.ts";
import { biasPair, gatesFirst, splitGates } from "./gates.ts";
import { onnxActivations } from "./operator.ts";

/** Keras keeps i, f, c, o; ONNX wants i, o, f, c. */
const ORDER = [0, 3, 1, 2];

/** c = f * c + i * activation(c'), h = o * activation(c) */
export const LSTMCell = cellRule({
  config: {
    units: positive,
    use_bias: optional(flag, true),
    activation,
    recurrent_activation: activation,
    ...cellDropout,
  },
  bind(call) {
    const { b, config, name, weight } = call;
    const { units } = config;
    const kernel = weight("kernel", 2);
    const recurrent = weight("recurrent_kernel", 2);
    const bias = config.use_bias ? weight("bias", 1) : undefined;
    const input = dropping(call, config.dropout);
    const state = dropping(call, config.recurrent_dropout);
    const activations = onnxActivations(config.recurrent_activation, config.activation, config.activation);
    return {
      stateShapes: [[units], [units]],
      operator: activations && {
        op: "LSTM",
        hidden: units,
        w: gatesFirst(b, kernel, units, ORDER),
        r: gatesFirst(b, recurrent, units, ORDER),
        bias: bias && biasPair(b, gatesFirst(b, bias, units, ORDER)),
        activations,
      },
      project: (b, x) => (bias ? b.add(b.matmul(input(b, x), kernel), bias) : b.matmul(input(b, x), kernel)),
      step(b, projected, [h, c]) {
        const product = b.add(projected, b.matmul(state(b, h!), recurrent));
        const [i, f, fresh, o] = splitGates(b, product, units, 4);
        const gate = (x: typeof i) => activate(b, config.recurrent_activation, x!, `${name}/gate`);
        const inner = (x: typeof i) => activate(b, config.activation, x!, `${name}/${config.activation}`);
        const next = b.add(b.mul(gate(f), c!), b.mul(gate(i), inner(fresh)));
        return [b.mul(gate(o), inner(next)), next];
      },
    };
  },
});
