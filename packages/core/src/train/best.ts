import type { HistoryRow } from "../report/history.ts";

/**
 * Whether the last of these epochs counts as the best so far on a validation split of `count` pictures: its accuracy is
 * within one standard error of the highest (Breiman et al. 1984, section 3.4.3). A split of a hundred pictures can't tell
 * such epochs apart, and the latest has learnt the most, at the lowest learning rate.
 */
export function isBest(history: readonly HistoryRow[], count: number): boolean {
  const accuracies = history.map(({ valAccuracy = 0 }) => valAccuracy);
  const highest = Math.max(...accuracies);
  // Two right and two wrong ones more (Agresti & Coull 1998), since no mistake yet doesn't mean that there is no error.
  const share = (highest * count + 2) / (count + 4);
  return accuracies.at(-1)! >= highest - Math.sqrt((share * (1 - share)) / (count + 4));
}
