import { activated, activationOrLayer } from "./parts/activation-layer.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

export const Activation = layer({
  config: { activation: activationOrLayer },
  eachStep: true,
  masks: passMask,
  emit: (call) => activated(call, call.config.activation, only(call), call.name),
});
