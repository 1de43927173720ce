import type { Builder, Value } from "@resonnx/onnx";
import { nullable, number, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

interface Config {
  readonly max_value: number | null;
  readonly negative_slope: number;
  readonly threshold: number;
}

/** x from the threshold on, up to the maximum; negative_slope * (x - threshold) below. tfjs knows the maximum alone. */
function relu(b: Builder, x: Value, { max_value, negative_slope: slope, threshold }: Config, name: string): Value {
  const limited = (y: Value, last: string): Value => (max_value === null ? y : b.op("Min", [y, max_value], {}, last));
  if (threshold !== 0) {
    const below = slope === 0 ? 0 : b.mul(b.sub(x, threshold), slope);
    return b.op("Where", [b.greater(x, threshold), limited(x, `${name}/max_value`), below], {}, name);
  }
  if (slope !== 0) return limited(b.op("LeakyRelu", [x], { alpha: slope }, name), `${name}/max_value`);
  return max_value === null ? b.op("Relu", [x], {}, name) : b.op("Clip", [x, 0, max_value], {}, name);
}

export const ReLU = layer({
  config: { max_value: nullable(number), negative_slope: optional(number, 0), threshold: optional(number, 0) },
  masks: passMask,
  emit: (call) => relu(call.b, only(call), call.config, call.name),
});
