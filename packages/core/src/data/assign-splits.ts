import { ResonnxError } from "@resonnx/base";
import { hash } from "../random/hash.ts";
import type { Labelled, SplitName } from "./dataset.ts";
import { distribute } from "./distribute.ts";
import type { GroupOf } from "./groups.ts";

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
 * next 10 % become val. With `groupOf`, whole groups go there instead, so that no group is in two splits. That depends on
 * the names alone, so training and a later evaluation find the same test split. Throws `bad-input` when there are fewer
 * than two groups.
 */
export function assignSplits<T extends Labelled>(pictures: readonly T[], groupOf?: GroupOf): Assigned<T> {
  const given = new Set(pictures.map(({ split }) => split));
  if (given.has("test")) {
    const notes = [...(given.has("train") ? [] : [NO_TRAIN]), ...(groupOf ? [splitGroupsNote(pictures, groupOf)] : [])];
    return { pictures: pictures.map(inTrain), notes };
  }
  const free = pictures.filter(isFree);
  const valShare = given.has("train") || given.has("val") ? 0 : VAL_SHARE;
  const { splits, how } = groupOf ? byGroup(free, valShare, groupOf) : byPicture(free, valShare);
  const count = (split: SplitName) => splits.filter((one) => one === split).length;
  const parts = [`${count("test")} for test (${100 * TEST_SHARE} %)`];
  if (count("val") > 0) parts.push(`${count("val")} for val (${100 * VAL_SHARE} %)`);
  let next = 0;
  return {
    pictures: pictures.map((picture) => inTrain(isFree(picture) ? { ...picture, split: splits[next++]! } : picture)),
    notes: [
      `No test split is given: one was made ${how}: ${parts.join(" and ")}, ` +
        `${count("train")} left for training. It doesn't depend on the seed.`,
    ],
  };
}

/** What groups mean for splits that are given, and so stay. */
function splitGroupsNote(pictures: readonly Labelled[], groupOf: GroupOf): string {
  const splits = new Map<string, Set<SplitName>>();
  for (const { name, split = "train" } of pictures) {
    const group = groupOf(name);
    if (group !== undefined) splits.set(group, (splits.get(group) ?? new Set()).add(split));
  }
  const several = [...splits.values()].filter(({ size }) => size > 1).length;
  return `The splits are given, so they stay whatever the groups are: ${several} of ${splits.size} groups are in several splits.`;
}

const isFree = ({ split }: Labelled): boolean => split === undefined || split === "train";

/** Where each picture goes, and in words how that was decided. */
interface Made {
  readonly splits: readonly SplitName[];
  readonly how: string;
}

function byPicture(pictures: readonly Labelled[], valShare: number): Made {
  const splits = new Array<SplitName>(pictures.length).fill("train");
  const ranks = Uint32Array.from(pictures, ({ name }) => hash(name));
  for (const members of byLabel(pictures)) {
    const test = members.length < 2 ? 0 : Math.max(1, Math.round(TEST_SHARE * members.length));
    const val = Math.round(valShare * members.length);
    members.sort((a, b) => ranks[a]! - ranks[b]! || (pictures[a]!.name < pictures[b]!.name ? -1 : 1));
    for (const member of members.slice(0, test)) splits[member] = "test";
    for (const member of members.slice(test, test + val)) splits[member] = "val";
  }
  return { splits, how: "from a hash of each name, class by class" };
}

/** A picture whose name tells no group is one of its own. */
function byGroup(pictures: readonly Labelled[], valShare: number, groupOf: GroupOf): Made {
  const grouped = pictures.map((picture) => ({
    group: groupOf(picture.name) ?? `the picture ${picture.name}`,
    label: picture.label,
    name: picture.name,
  }));
  const alone = pictures.filter(({ name }) => groupOf(name) === undefined).length;
  const shares = [1 - TEST_SHARE - valShare, TEST_SHARE, ...(valShare > 0 ? [valShare] : [])];
  const parts = distribute(grouped, shares);
  if (parts.size < 2 || alone === pictures.length) throw tooFewGroups(pictures, alone === pictures.length);
  const splits = [...parts.values()];
  const smallest = [...parts.keys()].at(-1)!; // the groups are in order of their sizes
  if (!splits.includes(TEST)) parts.set(smallest, TEST);
  const names = ["train", "test", "val"] as const;
  const loners = alone === 0 ? "" : `, of which ${alone} are pictures whose names tell no group`;
  return {
    splits: grouped.map(({ group }) => names[parts.get(group)!]!),
    how: `of whole groups (${parts.size} in all${loners})`,
  };
}

/** Its position among the parts of `byGroup`. */
const TEST = 1;

function tooFewGroups(pictures: readonly Labelled[], none: boolean): ResonnxError {
  return new ResonnxError("bad-input", {
    where: "--group",
    what: none ? "no file's name tells a group" : "all pictures are of one group",
    got: pictures[0]?.name ?? "no pictures",
    wanted: "two groups or more",
    hint: "the expression is matched with each file's name, its first parentheses are the group",
  });
}

const NO_TRAIN = "There are no training pictures: this data can only be evaluated on.";

function inTrain<T extends Labelled>(picture: T): T & { readonly split: SplitName } {
  return { ...picture, split: picture.split ?? "train" };
}

/** The positions of the pictures of each class. */
function byLabel(pictures: readonly Labelled[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [position, { label }] of pictures.entries()) {
    const group = groups.get(label) ?? [];
    groups.set(label, group);
    group.push(position);
  }
  return [...groups.values()];
}
