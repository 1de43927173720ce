import { type Optimizer, rateOnly } from "./optimizer.ts";

export interface AdadeltaOptions {
  /** Share of the mean squares that stays from step to step. */
  readonly rho?: number;
  readonly epsilon?: number;
}

/**
 * Adadelta (Zeiler 2012, algorithm 1), with a learning rate as Keras and tfjs have it:
 * a = ρa + (1 - ρ)g²; d = g · √(x + ε) / √(a + ε); x = ρx + (1 - ρ)d²; p -= lr · d.
 */
export const adadelta = ({ rho = 0.95, epsilon = 1e-7 }: AdadeltaOptions = {}): Optimizer => ({
  ...rateOnly,
  slots: ["accumulator", "delta"],
  update(math, { gradient, slots: [accumulator, delta], scalars: [rate] }) {
    const mean = (before: typeof gradient, value: typeof gradient) =>
      math.add(math.mul(before, rho), math.mul(math.mul(value, value), 1 - rho));
    const nextA = mean(accumulator!, gradient);
    const scale = math.div(math.sqrt(math.add(delta!, epsilon)), math.sqrt(math.add(nextA, epsilon)));
    const step = math.mul(gradient, scale);
    return { move: math.mul(step, rate!), slots: [nextA, mean(delta!, step)] };
  },
});
