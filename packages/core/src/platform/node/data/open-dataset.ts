import type { Dataset } from "../../../data/dataset.ts";
import { arrayDataset } from "./array-dataset.ts";
import { type DatasetOptions, settingsOf } from "./dataset-options.ts";
import { openSource } from "./open-source.ts";
import { openPictures } from "./picture-folder.ts";

/**
 * The labelled pictures at a path, or those that ship as `hand-signs`: `D/{class}/*.jpg|png|webp`,
 * `D/{train,val,test}/{class}/*`, `D/{label}_*.jpg`, `D/{train,val,test}*\/{label}_*.jpg`, the tutorial's pair of
 * `train_*.h5` and `test_*.h5` in a folder, one such file, or an `.npz` of the same arrays; `D` is a folder, a `.zip` or
 * a `.tar`, which is read where it lies.
 *
 * Throws `not-found` without anything at the path, `bad-input` on what isn't a data set, `unsupported` for an archive
 * that is encrypted, `aborted` by the signal.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const settings = settingsOf(options);
  const source = await openSource(path);
  const dataset =
    source.is === "pictures"
      ? await openPictures(source.tree, settings)
      : arrayDataset(source.name, source.arrays, settings);
  return source.notes.length > 0 ? { ...dataset, notes: [...source.notes, ...dataset.notes] } : dataset;
}
