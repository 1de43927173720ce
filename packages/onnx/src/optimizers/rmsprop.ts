import { type Optimizer, rateOnly } from "./optimizer.ts";

export interface RmspropOptions {
  /** Share of the mean squared gradient that stays from step to step. */
  readonly rho?: number;
  readonly momentum?: number;
  readonly epsilon?: number;
  /** Whether the gradient's estimated variance scales the move, instead of its mean square. */
  readonly centered?: boolean;
}

/**
 * RMSprop (Tieleman & Hinton 2012; centered: Graves 2013, equations 38 to 45) with Keras' and tfjs' place of ε:
 * v = ρv + (1 - ρ)g²; a = ρa + (1 - ρ)g; i = lr · g / √(v - a² + ε); p -= momentum · the i before + i.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
  return {
    ...rateOnly,
    slots: ["v", ...(centered ? ["average"] : []), ...(momentum > 0 ? ["momentum"] : [])],
    update(math, { gradient, slots, scalars: [rate] }) {
      const average = centered ? math.add(math.mul(slots[1]!, rho), math.mul(gradient, 1 - rho)) : undefined;
      const v = math.add(math.mul(slots[0]!, rho), math.mul(math.mul(gradient, gradient), 1 - rho));
      const spread = average ? math.sub(v, math.mul(average, average)) : v;
      const increment = math.div(math.mul(gradient, rate!), math.sqrt(math.add(spread, epsilon)));
      const move = momentum > 0 ? math.add(math.mul(slots.at(-1)!, momentum), increment) : increment;
      return { move, slots: [v, ...(average ? [average] : []), ...(momentum > 0 ? [move] : [])] };
    },
  };
}
