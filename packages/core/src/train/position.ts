import type { HistoryRow } from "../report/history.ts";

/** How far a run has come: with a TrainingState, all that it needs to go on. */
export interface Position {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done of the epoch after them. */
  readonly step: number;
  /** Over those steps. */
  readonly sums: EpochSums;
  readonly history: readonly HistoryRow[];
  /** The best epoch so far on the validation split, from 1. */
  readonly best: { readonly epoch: number; readonly accuracy: number; readonly loss: number } | undefined;
}

export interface EpochSums {
  /** Σ loss · pictures. */
  readonly loss: number;
  readonly correct: number;
  readonly pictures: number;
  readonly seconds: number;
  /** Seconds of them that the engine waited for batches. */
  readonly waiting: number;
}

export const NO_SUMS: EpochSums = { loss: 0, correct: 0, pictures: 0, seconds: 0, waiting: 0 };
export const START: Position = { epoch: 0, step: 0, sums: NO_SUMS, history: [], best: undefined };
