import type { Value } from "@resonnx/onnx";
import { flag, optional, positive } from "../../config/fields.ts";
import { activate, activation } from "../parts/activation.ts";
import { cellRule } from "./cell.ts";
import { cellDropout, dropping } from "./dropout.ts";
import { biasPair, gatesFirst, splitGates } from "./gates.ts";
import { onnxActivations } from "./operator.ts";

/** Gates z, r, h, as ONNX has them. */
const ORDER = [0, 1, 2];

/**
 * h = z * h + (1 - z) * activation(x_h + r * (h · U_h)) with `reset_after`, which has a bias of its own for each product;
 * h = z * h + (1 - z) * activation(x_h + (r * h) · U_h) without.
 */
export const GRUCell = cellRule({
  config: {
    units: positive,
    use_bias: optional(flag, true),
    activation,
    recurrent_activation: activation,
    ...cellDropout,
    reset_after: optional(flag, false), // Keras 2 and 3 always write it, tfjs and Keras 1 know no other form
  },
  bind(call) {
    const { b, config, name, weight } = call;
    const { units, reset_after: resetAfter } = config;
    const kernel = weight("kernel", 2);
    const recurrent = weight("recurrent_kernel", 2);
    const [bias, recurrentBias] = !config.use_bias
      ? []
      : resetAfter
        ? [0, 1].map((row) => b.reshape(b.gather(weight("bias", 2), b.ints([row]), 0), [3 * units]))
        : [weight("bias", 1)];
    const input = dropping(call, config.dropout);
    const state = dropping(call, config.recurrent_dropout);
    const activations = onnxActivations(config.recurrent_activation, config.activation);
    const biased = (x: typeof kernel, bias: typeof recurrentBias) => (bias ? b.add(x, bias) : x);
    const gate = (x: typeof kernel) => activate(b, config.recurrent_activation, x, `${name}/gate`);
    /** Of the recurrent kernel and its bias, by gates: split once for all steps. */
    let parts: readonly (readonly Value[])[] | undefined;
    return {
      stateShapes: [[units]],
      operator: activations && {
        op: "GRU",
        hidden: units,
        w: gatesFirst(b, kernel, units, ORDER),
        r: gatesFirst(b, recurrent, units, ORDER),
        bias: bias && biasPair(b, bias, recurrentBias),
        activations,
        ...(resetAfter && { linearBeforeReset: true }),
      },
      project: (b, x) => biased(b.matmul(input(b, x), kernel), bias),
      step(b, projected, [h]) {
        const [xz, xr, xh] = splitGates(b, projected, units, 3);
        const read = state(b, h!);
        parts ??= [recurrent, ...(recurrentBias ? [recurrentBias] : [])].map((whole) => splitGates(b, whole, units, 3));
        const [[uz, ur, uh] = [], [bz, br, bh] = []] = parts;
        const z = gate(b.add(xz!, biased(b.matmul(read, uz!), bz)));
        const r = gate(b.add(xr!, biased(b.matmul(read, ur!), br)));
        const inner = resetAfter ? b.mul(r, biased(b.matmul(read, uh!), bh)) : b.matmul(b.mul(r, read), uh!);
        const fresh = activate(b, config.activation, b.add(xh!, inner), `${name}/${config.activation}`);
        return [b.add(b.mul(z, h!), b.mul(b.sub(1, z), fresh))];
      },
    };
  },
});
