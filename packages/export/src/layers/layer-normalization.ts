import { axes, flag, number, optional } from "../config/fields.ts";
import { axisOfInput, knownSizes, only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the statistics of the axes in every example. */
export const LayerNormalization = layer({
  config: {
    axis: optional(axes, [-1]),
    epsilon: optional(number, 1e-3),
    center: optional(flag, true),
    scale: optional(flag, true),
  },
  masks: passMask,
  emit(call) {
    const { b, config, name, weight } = call;
    const x = only(call);
    const over = config.axis.map((axis) => axisOfInput(call, axis)).sort((a, c) => a - c);
    // ONNX normalizes the last axes: others are turned there and back.
    const perm = [...x.shape.keys()].filter((axis) => !over.includes(axis)).concat(over);
    const sizes = knownSizes(call, x, over);
    const gamma = config.scale ? b.reshape(weight("gamma", over.length), sizes) : b.filled(sizes, 1);
    const beta = config.center ? [b.reshape(weight("beta", over.length), sizes)] : [];
    const attrs = { axis: -over.length, epsilon: config.epsilon };
    const y = b.op("LayerNormalization", [b.transpose(x, perm), gamma, ...beta], attrs, name);
    return b.transpose(
      y,
      perm.map((_, axis) => perm.indexOf(axis)),
    );
  },
});
