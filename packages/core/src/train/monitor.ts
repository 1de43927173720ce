import type { HistoryRow } from "../report/history.ts";

/** What is watched of each epoch: on the validation split, on the training pictures without one. */
export const MONITORS = ["loss", "accuracy"] as const;
export type Monitor = (typeof MONITORS)[number];

/** Lower is better, whichever is watched. */
export const badness: { readonly [M in Monitor]: (row: HistoryRow) => number } = {
  loss: ({ loss, valLoss }) => valLoss ?? loss,
  accuracy: ({ accuracy, valAccuracy }) => -(valAccuracy ?? accuracy),
};
