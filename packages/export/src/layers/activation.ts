import { activate, activation } from "./parts/activation.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

export const Activation = layer({
  config: { activation },
  emit: (call) => activate(call.b, call.config.activation, only(call), call.name),
});
