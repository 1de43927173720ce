import type { Place } from "./place.ts";

/** The files of a folder or an archive. One that isn't unpacked is read where it lies. */
export interface FileTree {
  /** Of the folder or archive, for messages. */
  readonly path: string;
  /** Paths below its top with `/`, sorted by code unit; what is hidden or deeper than a layout looks is passed over. */
  readonly names: readonly string[];
  /** Where one of `names` lies. */
  place(name: string): Place;
}

/** No layout looks deeper: D/{split}/{class}/picture. */
export const MAX_DEPTH = 3;

/** `._a.jpg`, `.git`: not meant for people. */
export const isHidden = (name: string): boolean => name.startsWith(".");

/** Where a name stands among sorted ones; -1 for a stranger. */
export function indexIn(sorted: readonly string[], name: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < name) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === name ? from : -1;
}
