import type { Dataset } from "../../data/dataset.ts";
import { type DatasetOptions, settingsOf } from "./dataset-options.ts";
import { openPictureFolder } from "./picture-folder.ts";

/**
 * The labelled pictures of a folder, in any of the layouts that `openDataset` takes. Throws `not-found` without the
 * folder, `bad-input` on what isn't a data set, `aborted` by the signal.
 */
export async function imageFolder(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  return openPictureFolder(path, settingsOf(options));
}
