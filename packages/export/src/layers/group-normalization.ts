import { ResonnxError } from "@resonnx/base";
import { printType } from "@resonnx/onnx";
import { axis, flag, integer, number, optional } from "../config/fields.ts";
import { moveAxis } from "./parts/data-format.ts";
import { axisOfInput, only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { reshapeTo, sizesOf } from "./parts/sizes.ts";
import { layer } from "./rule.ts";

/** Channels in groups, each normalized over its channels and all other axes in every example, then * gamma + beta. */
export const GroupNormalization = layer({
  config: {
    groups: optional(integer, 32),
    axis: optional(axis, -1),
    epsilon: optional(number, 1e-3),
    center: optional(flag, true),
    scale: optional(flag, true),
  },
  masks: passMask,
  emit(call) {
    const { b, config, name, weight, where } = call;
    const input = only(call);
    const channel = axisOfInput(call, config.axis);
    const x = moveAxis(b, input, channel, 1);
    const channels = Number(x.shape[1]);
    const groups = config.groups === -1 ? channels : config.groups;
    if (!(groups >= 1) || channels % groups !== 0)
      throw new ResonnxError("bad-input", {
        where,
        what: `${groups} groups of the channels of ${printType(input.type)}`,
        wanted: "a number that divides the channels",
      });
    const grouped = b.op("Reshape", [x, b.ints([0, groups, -1])], {});
    const { epsilon } = config;
    const own = [grouped, b.filled([groups], 1), b.filled([groups], 0)];
    const normal = reshapeTo(b, b.op("InstanceNormalization", own, { epsilon }, name), sizesOf(x));
    const aligned = [channels, ...new Array<number>(x.rank - 2).fill(1)];
    const scaled = config.scale ? b.mul(normal, b.reshape(weight("gamma", 1), aligned)) : normal;
    const y = config.center ? b.add(scaled, b.reshape(weight("beta", 1), aligned)) : scaled;
    return moveAxis(b, y, 1, channel);
  },
});
