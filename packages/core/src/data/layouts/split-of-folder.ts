import { SPLIT_NAMES, type SplitName } from "../dataset.ts";

/** The split that a folder's name stands for: train, val or test, or something longer (`train_signs`, `validation`). */
export function splitOfFolder(folder: string | undefined): SplitName | undefined {
  return SPLIT_NAMES.find((split) => folder?.toLowerCase().startsWith(split));
}
