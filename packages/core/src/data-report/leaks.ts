import type { Alike } from "../data/alike.ts";
import { type Dataset, SPLIT_NAMES, type SplitName } from "../data/dataset.ts";

/** Pictures of a split that are in an earlier one as well: byte for byte, or nearly. */
export interface Leak {
  readonly split: SplitName;
  readonly identical: number;
  readonly near: number;
}

/** What lies before each split, in words. */
export const BEFORE = { train: "", val: "train", test: "train or val" } as const;

/** A set with pictures in several splits. */
export const isLeak = ({ pictures }: Alike): boolean => new Set(pictures.map(({ split }) => split)).size > 1;

/** The splits that others leak into. A picture that is in an earlier split to the byte counts as identical alone. */
export function leaksOf(alike: readonly Alike[]): Leak[] {
  const again = (split: SplitName, identical: boolean): Set<string> => {
    const earlier = SPLIT_NAMES.slice(0, SPLIT_NAMES.indexOf(split));
    const sets = alike.filter((set) => set.identical === identical);
    const leaking = sets.filter(({ pictures }) => pictures.some((one) => earlier.includes(one.split)));
    return new Set(
      leaking.flatMap(({ pictures }) => pictures.filter((one) => one.split === split).map((one) => one.name)),
    );
  };
  return SPLIT_NAMES.slice(1)
    .map((split) => {
      const identical = again(split, true);
      const near = [...again(split, false)].filter((name) => !identical.has(name));
      return { split, identical: identical.size, near: near.length };
    })
    .filter(({ identical, near }) => identical + near > 0);
}

/** What a reader of the results must know of near duplicates between splits, a sentence a split; the data set's notes tell the identical ones. */
export function nearNotes({ alike = [], splits }: Dataset): string[] {
  return leaksOf(alike)
    .filter(({ near }) => near > 0)
    .map(
      ({ split, near }) =>
        `${near} of ${splits[split]?.names.length ?? 0} ${split} pictures look like a ${BEFORE[split]} picture without being byte-identical to one.`,
    );
}
