import type { Labelled } from "../dataset.ts";

/** What a folder holds, seen without opening a picture. */
export interface Folder {
  /** Paths relative to the folder, with `/`, sorted: pictures only. */
  readonly files: readonly string[];
  /** The text of `splits.csv` at its top, when there is one. */
  readonly splitsCsv?: string;
}

/** One way to say with files which picture belongs to which class. */
export interface Layout {
  /** As the documentation writes it. */
  readonly pattern: string;
  /** The labelled pictures (`name` is the path), or undefined when the folder isn't laid out like this. */
  recognize(folder: Folder): readonly Labelled[] | undefined;
}
