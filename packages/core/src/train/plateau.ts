import type { HistoryRow } from "../report/history.ts";
import { badness, type Monitor } from "./monitor.ts";

/** Keras' ReduceLROnPlateau. */
export interface Plateau {
  readonly monitor: Monitor;
  /** What the learning rate is multiplied by. */
  readonly factor: number;
  /** Epochs without an improvement after which it is. */
  readonly patience: number;
  /** The least change that counts as an improvement. */
  readonly minDelta: number;
  /** Epochs after a reduction that aren't counted. */
  readonly cooldown: number;
  /** The smallest learning rate. */
  readonly floor: number;
}

/** What these epochs leave of the learning rate, from 1 down. A function of the history alone, as a resumed run needs it. */
export function plateauFactor(history: readonly HistoryRow[], rule: Plateau): number {
  let best = Number.POSITIVE_INFINITY;
  let factor = 1;
  let [wait, cooldown] = [0, 0];
  for (const row of history) {
    const value = badness[rule.monitor](row);
    if (cooldown > 0) {
      cooldown--;
      wait = 0;
    }
    if (value < best - rule.minDelta) {
      best = value;
      wait = 0;
    } else if (cooldown === 0 && ++wait >= rule.patience) {
      factor *= rule.factor;
      cooldown = rule.cooldown;
      wait = 0;
    }
  }
  return factor;
}
