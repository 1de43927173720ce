import { axes, nullable, number, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** x where x > 0, else alpha * x. Keras 3 calls alpha negative_slope. */
export const LeakyReLU = layer({
  config: { alpha: nullable(number), negative_slope: nullable(number) },
  masks: passMask,
  emit(call) {
    const alpha = call.config.negative_slope ?? call.config.alpha ?? 0.3;
    return call.b.op("LeakyRelu", [only(call)], { alpha }, call.name);
  },
});

/** x where x > 0, else alpha * x with a learnt alpha for every element; along `shared_axes` it has size 1. */
export const PReLU = layer({
  config: { shared_axes: nullable(axes) },
  masks: passMask,
  emit(call) {
    const x = only(call);
    return call.b.op("PRelu", [x, call.weight("alpha", x.rank - 1)], {}, call.name);
  },
});

/** x where x > 0, else alpha * (exp(x) - 1). */
export const ELU = layer({
  config: { alpha: optional(number, 1) },
  masks: passMask,
  emit: (call) => call.b.op("Elu", [only(call)], { alpha: call.config.alpha }, call.name),
});

/** x where x > theta, else 0. */
export const ThresholdedReLU = layer({
  config: { theta: optional(number, 1) },
  masks: passMask,
  emit: (call) => call.b.op("ThresholdedRelu", [only(call)], { alpha: call.config.theta }, call.name),
});
