import type { Optimizer } from "./optimizer.ts";

const rateOnly = { scalars: ["rate"], schedule: (learningRate: number) => [learningRate] } as const;

/** Plain stochastic gradient descent: p -= lr · g. */
export const sgd: Optimizer = {
  ...rateOnly,
  slots: [],
  update: (b, { parameter, gradient, scalars: [rate] }) => ({
    parameter: b.sub(parameter, b.mul(gradient, rate!)),
    slots: [],
  }),
};

/** tfjs' `momentum` and its default of 0.9. */
const MOMENTUM = 0.9;

/** SGD with momentum as tfjs has it: v = 0.9 · v + g; p -= lr · v. */
export const momentum: Optimizer = {
  ...rateOnly,
  slots: ["velocity"],
  update(b, { parameter, gradient, slots: [velocity], scalars: [rate] }) {
    const next = b.add(b.mul(velocity!, MOMENTUM), gradient);
    return { parameter: b.sub(parameter, b.mul(next, rate!)), slots: [next] };
  },
};
