import { type Optimizer, rateOnly } from "./optimizer.ts";

/** Plain stochastic gradient descent: p -= lr · g. */
export const sgd = (): Optimizer => ({
  ...rateOnly,
  slots: [],
  update: (math, { gradient, scalars: [rate] }) => ({ move: math.mul(gradient, rate!), slots: [] }),
});
