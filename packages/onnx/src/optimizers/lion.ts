import { type Optimizer, rateOnly } from "./optimizer.ts";

export interface LionOptions {
  /** Share of the momentum in the direction of a step. */
  readonly beta1?: number;
  /** Share of the momentum that stays from step to step. */
  readonly beta2?: number;
}

/** The smallest normal float32: what a sign divides by where a direction is zero. */
const TINY = 2 ** -126;

/** Lion (Chen et al. 2023, algorithm 2), with Keras' defaults: p -= lr · sign(β₁m + (1 - β₁)g); m = β₂m + (1 - β₂)g. */
export const lion = ({ beta1 = 0.9, beta2 = 0.99 }: LionOptions = {}): Optimizer => ({
  ...rateOnly,
  slots: ["m"],
  update(math, { gradient, slots: [m], scalars: [rate] }) {
    const mixed = (share: number) => math.add(math.mul(m!, share), math.mul(gradient, 1 - share));
    const direction = mixed(beta1);
    const sign = math.div(direction, math.max(math.abs(direction), TINY)); // onnxruntime has no Sign on WebGPU
    return { move: math.mul(sign, rate!), slots: [mixed(beta2)] };
  },
});
