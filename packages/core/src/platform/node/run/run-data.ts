import type { Dataset } from "../../../data/dataset.ts";
import { nearNotes } from "../../../data-report/leaks.ts";
import { openDataset } from "../data/open-dataset.ts";
import type { Network } from "./network.ts";
import type { RunConfig, RunOptions } from "./options.ts";

/** The pictures that a run trains on, those that look alike found. Throws what `openDataset` does. */
export async function runData(
  { data, group }: RunConfig,
  { width, height }: Network,
  { dataset, signal }: RunOptions,
): Promise<Dataset> {
  return dataset ?? openDataset(data, { width, height, group, lookAlikes: true, ...(signal && { signal }) });
}

/** What a reader of a run's results must know of its pictures, near duplicates between splits included. */
export const runNotes = (dataset: Dataset): string[] => [...dataset.notes, ...nearNotes(dataset)];
