import { activate, activation } from "./parts/activation.ts";
import { only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

export const Activation = layer({
  config: { activation },
  eachStep: true,
  masks: passMask,
  emit: (call) => activate(call.b, call.config.activation, only(call), call.name),
});
