import { ResonnxError } from "@resonnx/base";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** Gives what it reads, in training too. */
export const Identity = layer({ config: {}, masks: passMask, emit: (call) => [only(call)] });

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
