import type { Builder, Value } from "@resonnx/onnx";
import { axes, optional } from "../config/fields.ts";
import { axisOfInput, only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** exp(x) / sum(exp(x)) over several axes, which ONNX' Softmax can't. */
function softmaxOver(b: Builder, x: Value, axes: readonly number[], name: string): Value {
  const powers = b.exp(b.sub(x, b.op("ReduceMax", [x], { axes, keepdims: 1 })));
  return b.op("Div", [powers, b.sum(powers, axes, 1)], {}, name);
}

export const Softmax = layer({
  config: { axis: optional(axes, [-1]) },
  masks: passMask,
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    const [axis, ...more] = config.axis.map((axis) => axisOfInput(call, axis));
    if (axis === undefined || more.length > 0) return softmaxOver(b, x, [axis ?? [], more].flat(), name);
    return b.op("Softmax", [x], { axis }, name);
  },
});
