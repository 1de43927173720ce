import type { Phase } from "./update-rule.ts";

/**
 * An update that also keeps the weights' moving average (Polyak & Juditsky 1992; Keras' `use_ema`): a slot more, which
 * is the weights themselves after the first update: average += share · (weight - average), share 1, then 1 - momentum.
 */
export const averaged = (update: Phase, momentum: number, every: number): Phase => ({
  slots: [...update.slots, "ema"],
  scalars: [...update.scalars, "share"],
  factor: update.factor,
  schedule: (rate, step) => [...update.schedule(rate, step), step <= every ? 1 : 1 - momentum],
  apply: (math, all, scalars) =>
    update
      .apply(
        math,
        all.map((item) => ({ ...item, slots: item.slots.slice(0, -1) })),
        scalars.slice(0, -1),
      )
      .map((renewed, i) => {
        const [average, parameter] = [all[i]!.slots.at(-1)!, renewed.parameter!];
        const next = math.add(average, math.mul(math.sub(parameter, average), scalars.at(-1)!));
        return { ...renewed, slots: [...renewed.slots, next] };
      }),
});
