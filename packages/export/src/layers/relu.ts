import { nullable, number, only as onlyValue } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** min(max(x, 0), max_value) */
export const ReLU = layer({
  config: { max_value: nullable(number), negative_slope: onlyValue(0), threshold: onlyValue(0) },
  masks: passMask,
  emit(call) {
    const { b, name, config } = call;
    const y = b.op("Relu", [only(call)], {}, name);
    return config.max_value === null ? y : b.op("Min", [y, config.max_value], {}, `${name}/max_value`);
  },
});
