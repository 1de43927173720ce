import { axis, optional } from "../config/fields.ts";
import { axisOf, several } from "./parts/inputs.ts";
import { joinMasks, mergeMasks } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** The inputs one behind the other along an axis. */
export const Concatenate = layer({
  config: { axis: optional(axis, -1) },
  masks: (call) => (axisOf(call, call.inputs[0]!, call.config.axis) === 1 ? joinMasks(call) : mergeMasks(call)),
  emit(call) {
    const inputs = several(call);
    return call.b.op("Concat", inputs, { axis: axisOf(call, inputs[0], call.config.axis) }, call.name);
  },
});
