import type { AdamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";

/** Adamax (Kingma & Ba 2015, section 7.1): m = β₁m + (1 - β₁)g; u = max(β₂u, |g|); p -= lr / (1 - β₁ᵗ) · m / (u + ε). */
export const adamax = ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}): Optimizer => ({
  slots: ["m", "u"],
  scalars: ["rate"],
  schedule: (learningRate, step) => [learningRate / (1 - beta1 ** step)],
  update(math, { gradient, slots: [m, u], scalars: [rate] }) {
    const nextM = math.add(math.mul(m!, beta1), math.mul(gradient, 1 - beta1));
    const nextU = math.max(math.mul(u!, beta2), math.abs(gradient));
    return { move: math.div(math.mul(nextM, rate!), math.add(nextU, epsilon)), slots: [nextM, nextU] };
  },
});
