import { basename, resolve } from "node:path";
import { assignSplits } from "../../../data/assign-splits.ts";
import type { Dataset } from "../../../data/dataset.ts";
import type { GroupOf } from "../../../data/groups.ts";
import { checkLabels, labelsOf } from "../../../data/labels.ts";
import { catalog } from "../../../data/layouts/index.ts";
import type { Folder } from "../../../data/layouts/layout.ts";
import { listed } from "./corrupt.ts";
import type { OpenSettings } from "./dataset-options.ts";
import { type FileTree, indexIn } from "./files/file-tree.ts";
import { readPlace } from "./files/place.ts";
import { type Listed, loadPictures } from "./load-pictures.ts";
import { streamPictures } from "./stream-pictures.ts";

const PICTURE = /\.(jpe?g|png|webp)$/i;
const TABLE = "splits.csv";

/**
 * The pictures of a folder or an archive: all decoded now when they fit into memory, else whenever they are read.
 * Throws `bad-input` on anything but a data set.
 */
export async function openPictures(tree: FileTree, settings: OpenSettings): Promise<Dataset> {
  const listing = listPictures(tree, settings.groupOf);
  const bytes = listing.pictures.length * settings.width * settings.height * 3;
  return bytes <= settings.memory ? loadPictures(tree, listing, settings) : streamPictures(tree, listing, settings);
}

/** Which pictures there are, of which class, in which split, without opening one. Throws `bad-input` on anything but a data set. */
export function listPictures(tree: FileTree, groupOf: GroupOf | undefined): Listed {
  const { path } = tree;
  const { pictures, leftOut } = catalog(folderOf(tree), path);
  checkLabels(labelsOf(pictures), path);
  const assigned = assignSplits(pictures, groupOf);
  const elsewhere = (count: number) => `${count} of ${count + pictures.length} pictures lie elsewhere and are left out`;
  return {
    name: basename(resolve(path)),
    pictures: assigned.pictures,
    notes: [...assigned.notes, ...listed(leftOut, elsewhere)],
  };
}

function folderOf(tree: FileTree): Folder {
  const files = tree.names.filter((name) => PICTURE.test(name));
  if (indexIn(tree.names, TABLE) < 0) return { files };
  return { files, splitsCsv: new TextDecoder().decode(readPlace(tree.place(TABLE))) };
}
