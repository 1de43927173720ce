import type { HistoryRow } from "../report/history.ts";
import { badness, type Monitor } from "./monitor.ts";

/** Keras' EarlyStopping; which weights are restored then is the recipe's `keep`. */
export interface EarlyStopping {
  readonly monitor: Monitor;
  /** Epochs without an improvement after which training stops. */
  readonly patience: number;
  /** The least change that counts as one. */
  readonly minDelta: number;
}

/** Why training stops after these epochs; undefined while it goes on. A function of the history alone, so that a resumed run stops where an uninterrupted one does. */
export function stopReason(history: readonly HistoryRow[], rule: EarlyStopping | undefined): string | undefined {
  if (!rule) return undefined;
  let best = { epoch: 0, value: Number.POSITIVE_INFINITY };
  for (const row of history) {
    const value = badness[rule.monitor](row);
    if (value < best.value - rule.minDelta) best = { epoch: row.epoch, value };
  }
  if (history.length === 0 || history.length - best.epoch < rule.patience) return undefined;
  return `stopped early: no better ${rule.monitor} for ${rule.patience} epochs, since epoch ${best.epoch}`;
}
