import type { Optimizer } from "./optimizer.ts";

/** Keras' defaults. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/**
 * Adam (Kingma & Ba 2015, algorithm 1): p -= lr · m̂ / (√v̂ + ε), m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ).
 * The slots hold m / (1 - β₁) and v / (1 - β₂), so that `gradient` enters without a factor: two passes over every
 * weight less. All constants gather in the two scalars.
 */
export const adam: Optimizer = {
  slots: ["m", "v"],
  scalars: ["rate", "epsilon"],
  schedule(learningRate, step) {
    const unbias = Math.sqrt((1 - BETA2 ** step) / (1 - BETA2));
    return [(learningRate * (1 - BETA1) * unbias) / (1 - BETA1 ** step), EPSILON * unbias];
  },
  update(b, { parameter, gradient, slots: [m, v], scalars: [rate, epsilon] }) {
    const nextM = b.add(b.mul(m!, BETA1), gradient);
    const nextV = b.add(b.mul(v!, BETA2), b.mul(gradient, gradient));
    const move = b.div(b.mul(nextM, rate!), b.add(b.sqrt(nextV), epsilon!));
    return { parameter: b.sub(parameter, move), slots: [nextM, nextV] };
  },
};
