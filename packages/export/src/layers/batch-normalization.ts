import { axis, flag, number, optional } from "../config/fields.ts";
import { moveAxis } from "./parts/data-format.ts";
import { axisOfInput, only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta. In training, mean and variance are the batch's, and the moving
 * ones become `moving * momentum + batch * (1 - momentum)`, with the population variance, as tfjs and ONNX have it.
 */
export const BatchNormalization = layer({
  state: ["moving_mean", "moving_variance"],
  config: {
    axis: optional(axis, -1),
    momentum: optional(number, 0.99),
    epsilon: optional(number, 1e-3),
    center: optional(flag, true),
    scale: optional(flag, true),
  },
  masks: passMask,
  emit(call) {
    const { b, config, name, training, update, weight } = call;
    const input = only(call);
    const channel = axisOfInput(call, config.axis);
    const x = moveAxis(b, input, channel, 1);
    const mean = weight("moving_mean", 1);
    const channels = mean.shape.map(Number);
    const gamma = config.scale ? weight("gamma", 1) : b.filled(channels, 1);
    const beta = config.center ? weight("beta", 1) : b.filled(channels, 0);
    const { epsilon, momentum } = config;
    const inputs = [x, gamma, beta, mean, weight("moving_variance", 1)];
    if (!training) return moveAxis(b, b.op("BatchNormalization", inputs, { epsilon }, name), 1, channel);
    const attrs = { epsilon, momentum, training_mode: 1 };
    const [y, newMean, newVariance] = b.ops("BatchNormalization", inputs, attrs, 3, name);
    update("moving_mean", newMean!);
    update("moving_variance", newVariance!);
    return moveAxis(b, y!, 1, channel);
  },
});
