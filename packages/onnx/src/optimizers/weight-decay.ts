import type { Optimizer } from "./optimizer.ts";

export interface WeightDecayOption {
  /** Share of the learning rate by which weights shrink at each step. */
  readonly weightDecay?: number;
}

/**
 * An optimizer with decoupled weight decay (Loshchilov & Hutter 2019): p -= lr · decay · p besides the optimizer's own
 * move. Kernels only: parameters of rank 1 and 0 are biases and scales of normalizations, which decay only holds back.
 */
export const decaying =
  <O extends object>(make: (options?: O) => Optimizer, usual = 0) =>
  (options?: O & WeightDecayOption): Optimizer => {
    const decay = options?.weightDecay ?? usual;
    return decay === 0 ? make(options) : decayed(make(options), decay);
  };

const decayed = (optimizer: Optimizer, decay: number): Optimizer => ({
  slots: optimizer.slots,
  scalars: [...optimizer.scalars, "decay"],
  schedule: (learningRate, step) => [...optimizer.schedule(learningRate, step), learningRate * decay],
  update(math, update) {
    const moved = optimizer.update(math, { ...update, scalars: update.scalars.slice(0, -1) });
    if (update.parameter.rank <= 1) return moved;
    return { ...moved, move: math.add(moved.move, math.mul(update.parameter, update.scalars.at(-1)!)) };
  },
});
