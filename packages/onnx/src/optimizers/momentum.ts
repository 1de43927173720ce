import { type Optimizer, rateOnly } from "./optimizer.ts";

export interface MomentumOptions {
  /** Share of the velocity that stays from step to step. */
  readonly momentum?: number;
}

/** tfjs' default. */
const MOMENTUM = 0.9;

/** SGD with momentum as tfjs has it: v = momentum · v + g; p -= lr · v. */
export const momentum = ({ momentum: share = MOMENTUM }: MomentumOptions = {}): Optimizer => ({
  ...rateOnly,
  slots: ["velocity"],
  update(math, { gradient, slots: [velocity], scalars: [rate] }) {
    const next = math.add(math.mul(velocity!, share), gradient);
    return { move: math.mul(next, rate!), slots: [next] };
  },
});

/** Nesterov's momentum (Sutskever et al. 2013, section 2) as tfjs has it: v = momentum · v + g; p -= lr · (g + momentum · v). */
export const nesterov = ({ momentum: share = MOMENTUM }: MomentumOptions = {}): Optimizer => ({
  ...rateOnly,
  slots: ["velocity"],
  update(math, { gradient, slots: [velocity], scalars: [rate] }) {
    const next = math.add(math.mul(velocity!, share), gradient);
    return { move: math.mul(math.add(math.mul(next, share), gradient), rate!), slots: [next] };
  },
});
