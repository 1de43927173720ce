import type { Alike } from "./alike.ts";

/** Labelled pictures of one size. `names[i]` and `labels[i]` belong together; names are unique in a dataset. */
export interface Split {
  readonly names: readonly string[];
  /** Class numbers, indices into the dataset's labels. */
  readonly labels: Int32Array;
  /** The pictures at these positions: u8 RGB [indices.length, height, width, 3]. */
  read(indices: readonly number[]): Promise<Uint8Array>;
}

export type SplitName = "train" | "val" | "test";

export const SPLIT_NAMES: readonly SplitName[] = ["train", "val", "test"];

/** Labelled pictures for training and judging a classifier. */
export interface Dataset {
  readonly name: string;
  /** The class names, numbers in numeric order, others alphabetically. */
  readonly labels: readonly string[];
  /** Pixels; every picture is resized to it. */
  readonly width: number;
  readonly height: number;
  /** `train` or `test` may be empty when the source has only the other; there is `val` only when it has pictures. */
  readonly splits: { readonly train: Split; readonly val?: Split; readonly test: Split };
  /** What a reader of the results must know, a sentence each: how splits were made, what was left out, duplicates. */
  readonly notes: readonly string[];
  /** Names of the test pictures that are byte-identical to a train or val picture. */
  readonly duplicates: readonly string[];
  /** Every set of pictures that are identical or look alike, in one split or several; absent where nobody looked. */
  readonly alike?: readonly Alike[];
}

/** A picture that belongs to a class and, where the source says so, to a split. */
export interface Labelled {
  readonly name: string;
  readonly label: string;
  readonly split?: SplitName;
}
