import { number, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** A step whose features all are `mask_value` is masked, and becomes zeros: [batch, time, ...features]. */
export const Masking = layer({
  config: { mask_value: optional(number, 0) },
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    const differs = b.op("Not", [b.op("Equal", [x, config.mask_value], {})], {});
    const counts = b.op("ReduceMax", [b.op("Cast", [differs], { to: "float32" })], { axes: [-1], keepdims: 1 });
    const mask = b.op("Squeeze", [b.op("Cast", [counts], { to: "bool" }), b.ints([-1])], {});
    return { values: [b.op("Mul", [x, counts], {}, name)], masks: [mask] };
  },
});
