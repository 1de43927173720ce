import type { SplitName } from "./dataset.ts";

/** A picture of a set of those that look alike. */
export interface Member {
  readonly name: string;
  readonly label: string;
  readonly split: SplitName;
}

/** Pictures that are the same, to the byte or nearly: each looks like another of the set. */
export interface Alike {
  readonly identical: boolean;
  readonly pictures: readonly Member[];
}
