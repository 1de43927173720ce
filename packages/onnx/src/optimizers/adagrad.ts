import { type Optimizer, rateOnly } from "./optimizer.ts";

export interface AdagradOptions {
  /** What the sum of squares starts from. */
  readonly initialAccumulator?: number;
  readonly epsilon?: number;
}

/**
 * Adagrad (Duchi et al. 2011) with Keras' and tfjs' start and place of ε: a += g²; p -= lr · g / √(a + ε).
 * The slot holds a without its start, so that it is zero at first as all slots are.
 */
export const adagrad = ({ initialAccumulator = 0.1, epsilon = 1e-7 }: AdagradOptions = {}): Optimizer => ({
  ...rateOnly,
  slots: ["accumulator"],
  update(math, { gradient, slots: [accumulator], scalars: [rate] }) {
    const next = math.add(accumulator!, math.mul(gradient, gradient));
    const scale = math.sqrt(math.add(next, initialAccumulator + epsilon));
    return { move: math.div(math.mul(gradient, rate!), scale), slots: [next] };
  },
});
