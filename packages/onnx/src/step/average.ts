import type { Arithmetic, Ranked } from "../optimizers/arithmetic.ts";
import { SLOTS } from "./names.ts";
import type { Phase } from "./update-rule.ts";

/** How fast an average forgets at its `count`-th number, from 1. */
export interface Forgetting {
  readonly momentum: number;
  /** Whether it forgets faster at first: TensorFlow's ExponentialMovingAverage with `num_updates`. */
  readonly warmup: boolean;
}

/** The share that the newest number gets: all of it at first. */
function shareAt({ momentum, warmup }: Forgetting, count: number): number {
  if (count <= 1) return 1;
  return 1 - (warmup ? Math.min(momentum, (1 + count) / (10 + count)) : momentum);
}

/**
 * An update that also keeps the weights' moving average (Polyak & Juditsky 1992; Keras' `use_ema`): a slot more, which
 * is the weights themselves after the first update: average += share · (weight - average).
 */
export const averaged = (update: Phase, forgetting: Forgetting, every: number): Phase => ({
  slots: [...update.slots, SLOTS.ema],
  scalars: [...update.scalars, "share"],
  factor: update.factor,
  schedule: (rate, step) => [...update.schedule(rate, step), shareAt(forgetting, step / every)],
  apply: (math, all, scalars) =>
    update
      .apply(
        math,
        all.map((item) => ({ ...item, slots: item.slots.slice(0, -1) })),
        scalars.slice(0, -1),
      )
      .map((renewed, i) => {
        const next = mixed(math, all[i]!.slots.at(-1)!, renewed.parameter!, scalars.at(-1)!);
        return { ...renewed, slots: [...renewed.slots, next] };
      }),
  average: (math, average, next, scalars) => mixed(math, average, next, scalars.at(-1)!),
});

/** average + share · (next - average) */
const mixed = <T extends Ranked>(math: Arithmetic<T>, average: T, next: T, share: T | number): T =>
  math.add(average, math.mul(math.sub(next, average), share));
