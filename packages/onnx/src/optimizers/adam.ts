import type { Optimizer } from "./optimizer.ts";

export interface AdamOptions {
  /** Share of the mean gradient that stays from step to step. */
  readonly beta1?: number;
  /** Share of the mean squared gradient that stays. */
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1), with Keras' defaults: p -= lr · m̂ / (√v̂ + ε), m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ).
 * The slots hold m / (1 - β₁) and v / (1 - β₂), so that `gradient` enters without a factor: two passes over every
 * weight less. All constants gather in the two scalars.
 */
export const adam = ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}): Optimizer => ({
  slots: ["m", "v"],
  scalars: ["rate", "epsilon"],
  schedule(learningRate, step) {
    const unbias = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
    return [(learningRate * (1 - beta1) * unbias) / (1 - beta1 ** step), epsilon * unbias];
  },
  update(math, { gradient, slots: [m, v], scalars: [rate, tiny] }) {
    const nextM = math.add(math.mul(m!, beta1), gradient);
    const nextV = math.add(math.mul(v!, beta2), math.mul(gradient, gradient));
    return { move: math.div(math.mul(nextM, rate!), math.add(math.sqrt(nextV), tiny!)), slots: [nextM, nextV] };
  },
});
