import { ResonnxError } from "@resonnx/base";
import type { Dataset } from "../../../data/dataset.ts";
import { type DatasetOptions, settingsOf } from "./dataset-options.ts";
import { ARCHIVE_ENDINGS, openTree } from "./files/open-tree.ts";
import { openPictures } from "./picture-folder.ts";

/**
 * The labelled pictures of a folder, a `.zip` or a `.tar`, in any of the layouts that `openDataset` takes. Throws
 * `not-found` without it, `bad-input` on what isn't a data set, `aborted` by the signal.
 */
export async function imageFolder(path: string, options: DatasetOptions = {}): Promise<Dataset> {
  const settings = settingsOf(options);
  const tree = await openTree(path);
  if (tree) return openPictures(tree, settings);
  const wanted = `a folder or ${ARCHIVE_ENDINGS.join(", ")}`;
  throw new ResonnxError("bad-input", { where: path, what: "not a folder of pictures", got: "a file", wanted });
}
