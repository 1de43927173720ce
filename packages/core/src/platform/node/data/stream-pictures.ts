import { assemble } from "../../../data/assemble.ts";
import type { Dataset } from "../../../data/dataset.ts";
import { listed, textOf } from "./corrupt.ts";
import type { OpenSettings } from "./dataset-options.ts";
import type { FileTree } from "./files/file-tree.ts";
import type { Listed } from "./load-pictures.ts";
import { PictureStream } from "./picture-stream.ts";

/** The dataset of more pictures than fit into memory: each is decoded when it is read, but for a bounded cache. */
export function streamPictures(tree: FileTree, listing: Listed, settings: OpenSettings): Dataset {
  const { name, pictures, notes } = listing;
  const stream = new PictureStream(tree, pictures, settings);
  const { length } = pictures;
  const dataset = assemble({
    ...settings,
    ...{ name, pictures, read: (positions) => stream.read(positions) },
    notes: [
      ...notes,
      `${length} pictures are more than are kept in memory: they are decoded whenever they are read, and weren't ` +
        "searched for corrupt, repeated and similar ones before.",
    ],
  });
  return {
    ...dataset,
    get notes() {
      const found = (count: number) =>
        `${count} of ${length} pictures turned out to be corrupt so far; another one of the class stood in`;
      return [...dataset.notes, ...listed(stream.corrupt.map(textOf), found)];
    },
  };
}
