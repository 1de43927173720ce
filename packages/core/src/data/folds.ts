import { ResonnxError } from "@resonnx/base";
import { permutation, randomFor } from "../random/random.ts";
import type { Alike } from "./alike.ts";
import type { Dataset, Split } from "./dataset.ts";
import { distribute } from "./distribute.ts";
import type { GroupOf } from "./groups.ts";
import { joinSplits } from "./split.ts";

/**
 * The pictures of train and val in `count` parts of the same mixture of classes: for each part a dataset that is tested on
 * it and trained on the others. There is no validation split, since whatever chose weights by it would have seen the test.
 * The dataset's own test pictures take no part. Pictures that are known to be identical (`alike`) go into one part. With
 * `groupOf`, no group is in two parts instead, and the seed decides nothing.
 * Throws `bad-input` when there are fewer different pictures, or groups, than parts.
 */
export function foldsOf(dataset: Dataset, count: number, seed: number, groupOf?: GroupOf): Dataset[] {
  const { train, val } = dataset.splits;
  const all = val ? joinSplits(train, val) : train;
  checkCount(count, all.names.length, "pictures");
  const part = groupOf ? partsByGroup(all, dataset.labels, count, groupOf) : partsByClass(all, dataset, count, seed);
  return Array.from({ length: count }, (_, fold) => {
    const inside = [...part.keys()].filter((index) => part[index] === fold);
    const outside = [...part.keys()].filter((index) => part[index] !== fold);
    const splits = { train: pick(all, outside), test: pick(all, inside) };
    const name = `${dataset.name}, fold ${fold + 1} of ${count}`;
    const notes = dataset.notes.map((note) => `Of the data set's own splits: ${note}`);
    return { ...dataset, name, notes, splits, ...sameIn(splits, dataset) };
  });
}

/** What of a dataset's pictures is the same in these splits. */
function sameIn({ train, test }: Record<"train" | "test", Split>, { alike }: Dataset) {
  if (!alike) return { duplicates: [] };
  const splits = new Map([
    ...train.names.map((name) => [name, "train"] as const),
    ...test.names.map((name) => [name, "test"] as const),
  ]);
  const sets = alike
    .map(({ identical, pictures }) => {
      const members = pictures.flatMap((picture) => {
        const split = splits.get(picture.name);
        return split ? [{ ...picture, split }] : [];
      });
      return { identical, pictures: members };
    })
    .filter(({ pictures }) => pictures.length > 1);
  const copies = sets.filter((set) => set.identical && set.pictures.some(({ split }) => split === "train"));
  const tested = copies.flatMap(({ pictures }) => pictures.filter(({ split }) => split === "test"));
  return { alike: sets, duplicates: tested.map(({ name }) => name) };
}

/** Each picture, or set of identical ones, goes where the fewest of its class are, of those parts to the smallest. */
function partsByClass(all: Split, { labels, alike = [] }: Dataset, count: number, seed: number): Int32Array {
  const part = new Int32Array(all.names.length);
  const setOf = new Map(
    alike.filter(({ identical }) => identical).flatMap((set) => set.pictures.map(({ name }) => [name, set] as const)),
  );
  const placed = new Map<Alike | string, number>();
  const sizes = new Array<number>(count).fill(0);
  for (const label of labels.keys()) {
    const members = [...part.keys()].filter((index) => all.labels[index] === label);
    const own = new Array<number>(count).fill(0);
    for (const at of permutation(members.length, randomFor(seed, 0, label))) {
      const name = all.names[members[at]!]!;
      const unit = setOf.get(name) ?? name;
      const where = placed.get(unit) ?? emptiest(own, sizes);
      placed.set(unit, where);
      part[members[at]!] = where;
      own[where]! += 1;
      sizes[where]! += 1;
    }
  }
  checkCount(count, placed.size, "different pictures");
  return part;
}

/** The part with the fewest of a class, of those the one with the fewest of all, of those the first. */
const emptiest = (own: readonly number[], sizes: readonly number[]): number =>
  sizes.reduce((best, size, i) => ((own[i]! - own[best]! || size - sizes[best]!) < 0 ? i : best), 0);

function partsByGroup(all: Split, labels: readonly string[], count: number, groupOf: GroupOf): Int32Array {
  const pictures = all.names.map((name, index) => ({
    name,
    label: labels[all.labels[index]!]!,
    group: groupOf(name) ?? `the picture ${name}`,
  }));
  const parts = distribute(pictures, new Array<number>(count).fill(1 / count));
  checkCount(count, parts.size, "groups");
  return Int32Array.from(pictures, ({ group }) => parts.get(group)!);
}

function checkCount(count: number, most: number, of: string): void {
  if (Number.isInteger(count) && count >= 2 && count <= most) return;
  const [got, wanted] = [`${count}`, `a whole number, 2 to ${most}, as there are ${most} ${of}`];
  throw new ResonnxError("bad-input", { where: "folds", what: "no such number of parts", got, wanted });
}

/** The pictures of a split at these positions. */
const pick = (split: Split, indices: readonly number[]): Split => ({
  names: indices.map((index) => split.names[index]!),
  labels: Int32Array.from(indices, (index) => split.labels[index]!),
  read: (positions) => split.read(positions.map((position) => indices[position] ?? -1)), // -1: the split refuses it
});
