import { hash } from "../random/hash.ts";
import type { Labelled, SplitName } from "./dataset.ts";

/** Shares of each class, when the source has no such split. */
const TEST_SHARE = 0.15;
const VAL_SHARE = 0.1;

export interface Assigned<T> {
  readonly pictures: readonly (T & { readonly split: SplitName })[];
  readonly notes: readonly string[];
}

/**
 * Every picture in a split. Splits that the source gives are kept as they are. Without a test split, the pictures of
 * each class are ordered by a hash of their names and the first 15 % become test; where no split is given at all, the
 * next 10 % become val. That depends on the names alone, so training and a later evaluation find the same test split.
 */
export function assignSplits<T extends Labelled>(pictures: readonly T[]): Assigned<T> {
  const given = new Set(pictures.map(({ split }) => split));
  if (given.has("test")) return { pictures: pictures.map(inTrain), notes: given.has("train") ? [] : [NO_TRAIN] };
  const made = new Map<T, SplitName>();
  for (const group of byLabel(pictures.filter(({ split }) => split === undefined || split === "train"))) {
    const test = group.length < 2 ? 0 : Math.max(1, Math.round(TEST_SHARE * group.length));
    const val = given.has("train") || given.has("val") ? 0 : Math.round(VAL_SHARE * group.length);
    ranked(group).forEach((picture, rank) => {
      made.set(picture, rank < test ? "test" : rank < test + val ? "val" : "train");
    });
  }
  const count = (split: SplitName) => [...made.values()].filter((one) => one === split).length;
  const parts = [`${count("test")} for test (${100 * TEST_SHARE} %)`];
  if (count("val") > 0) parts.push(`${count("val")} for val (${100 * VAL_SHARE} %)`);
  return {
    pictures: pictures.map((picture) => inTrain({ ...picture, split: made.get(picture) ?? picture.split ?? "train" })),
    notes: [
      `No test split is given: one was made from a hash of each name, class by class: ${parts.join(" and ")}, ` +
        `${count("train")} left for training. It doesn't depend on the seed.`,
    ],
  };
}

const NO_TRAIN = "There are no training pictures: this data can only be evaluated on.";

function inTrain<T extends Labelled>(picture: T): T & { readonly split: SplitName } {
  return { ...picture, split: picture.split ?? "train" };
}

function byLabel<T extends Labelled>(pictures: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const picture of pictures) {
    const group = groups.get(picture.label) ?? [];
    groups.set(picture.label, group);
    group.push(picture);
  }
  return [...groups.values()];
}

function ranked<T extends Labelled>(pictures: readonly T[]): T[] {
  return pictures
    .map((picture) => ({ picture, rank: hash(picture.name) }))
    .sort((a, b) => a.rank - b.rank || (a.picture.name < b.picture.name ? -1 : 1))
    .map(({ picture }) => picture);
}
