import { ResonnxError } from "@resonnx/base";
import { permutation, randomFor } from "../random/random.ts";
import type { Dataset, Split } from "./dataset.ts";
import { distribute } from "./distribute.ts";
import type { GroupOf } from "./groups.ts";
import { joinSplits } from "./split.ts";

/**
 * The pictures of train and val in `count` parts of the same mixture of classes: for each part a dataset that is tested on
 * it and trained on the others. There is no validation split, since whatever chose weights by it would have seen the test.
 * The dataset's own test pictures take no part. With `groupOf`, no group is in two parts, and the seed decides nothing.
 * Throws `bad-input` when there are fewer pictures, or groups, than parts.
 */
export function foldsOf(dataset: Dataset, count: number, seed: number, groupOf?: GroupOf): Dataset[] {
  const { train, val } = dataset.splits;
  const all = val ? joinSplits(train, val) : train;
  checkCount(count, all.names.length, "pictures");
  const part = groupOf
    ? partsByGroup(all, dataset.labels, count, groupOf)
    : partsByClass(all, dataset.labels, count, seed);
  return Array.from({ length: count }, (_, fold) => {
    const inside = [...part.keys()].filter((index) => part[index] === fold);
    const outside = [...part.keys()].filter((index) => part[index] !== fold);
    return {
      ...dataset,
      name: `${dataset.name}, fold ${fold + 1} of ${count}`,
      splits: { train: pick(all, outside), test: pick(all, inside) },
      duplicates: [],
    };
  });
}

function partsByClass(all: Split, labels: readonly string[], count: number, seed: number): Int32Array {
  const part = new Int32Array(all.names.length);
  let next = 0; // goes on from class to class, so that the parts are of equal size
  for (const label of labels.keys()) {
    const members = [...part.keys()].filter((index) => all.labels[index] === label);
    for (const at of permutation(members.length, randomFor(seed, 0, label))) part[members[at]!] = next++ % count;
  }
  return part;
}

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
