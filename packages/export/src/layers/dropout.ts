import { ResonnxError } from "@resonnx/base";
import { number } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** Nothing at inference. */
export const Dropout = layer({
  config: { rate: number },
  masks: passMask,
  emit(call) {
    if (call.training && call.config.rate > 0)
      throw new ResonnxError("unsupported", { where: call.where, what: "dropout in training has no rule yet" });
    return only(call);
  },
});
