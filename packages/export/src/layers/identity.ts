import { ResonnxError } from "@resonnx/base";
import { number, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** Gives what it reads, in training too. */
export const Identity = layer({ config: {}, masks: passMask, emit: (call) => [only(call)] });

/** Adds to the loss for what it reads, which no graph does; at inference the same as Identity. */
export const ActivityRegularization = layer({
  config: { l1: optional(number, 0), l2: optional(number, 0) },
  masks: passMask,
  emit(call) {
    const { config, differentiable, where } = call;
    if (differentiable && (config.l1 !== 0 || config.l2 !== 0))
      throw new ResonnxError("unsupported", {
        where,
        what: "training with a penalty on what a layer gives",
        got: `l1 ${config.l1}, l2 ${config.l2}`,
        hint: "set both to 0 in the model's config",
      });
    return [only(call)];
  },
});

/** Changes pictures at random in training, and none at inference. (tfjs' RandomWidth changes them at inference too.) */
export const RandomPicture = layer({
  config: {},
  emit(call) {
    if (call.training)
      throw new ResonnxError("unsupported", {
        where: call.where,
        what: "random changes of pictures in training have no rule",
        hint: "augment the data before the model",
      });
    return [only(call)];
  },
});
