import { axes, number, optional } from "../config/fields.ts";
import { axisOfInput, knownSizes, only } from "./parts/inputs.ts";
import { l2Normalize } from "./parts/l2.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** x divided by its L2 norm over the axes. */
export const UnitNormalization = layer({
  config: { axis: optional(axes, [-1]) },
  masks: passMask,
  emit: (call) =>
    l2Normalize(
      call.b,
      only(call),
      call.config.axis.map((axis) => axisOfInput(call, axis)),
      call.name,
    ),
});

/** x / sqrt(mean(x²) + epsilon) * scale over the axes. */
export const RMSNormalization = layer({
  config: { axis: optional(axes, [-1]), epsilon: optional(number, 1e-6) },
  masks: passMask,
  emit(call) {
    const { b, config, name, weight } = call;
    const x = only(call);
    const over = config.axis.map((axis) => axisOfInput(call, axis)).sort((a, c) => a - c);
    const sizes = knownSizes(call, x, over);
    const aligned = x.shape.map((_, axis) => (over.includes(axis) ? sizes[over.indexOf(axis)]! : 1));
    const scale = b.reshape(weight("scale", over.length), aligned);
    const root = b.sqrt(b.add(b.mean(b.mul(x, x), over, 1), config.epsilon));
    return b.op("Mul", [b.div(x, root), scale], {}, name);
  },
});
