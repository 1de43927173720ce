import { flag, optional } from "../config/fields.ts";
import { activated, activationOrLayer } from "./parts/activation-layer.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** activation(x · kernel + bias), over the last axis of x. */
export const Dense = layer({
  config: { use_bias: optional(flag, true), activation: activationOrLayer },
  eachStep: true,
  masks: passMask,
  emit(call) {
    const { b, config, name, weight } = call;
    const product = b.op("MatMul", [only(call), weight("kernel", 2)], {}, name);
    const y = config.use_bias ? b.op("Add", [product, weight("bias", 1)], {}, `${name}/bias`) : product;
    return activated(call, config.activation, y);
  },
});
