import { ResonnxError } from "@resonnx/base";
import { permutation, randomFor } from "../random/random.ts";
import type { Dataset, Split } from "./dataset.ts";
import { joinSplits } from "./split.ts";

/**
 * The pictures of train and val in `count` parts of the same mixture of classes: for each part a dataset that is tested on
 * it and trained on the others. There is no validation split, since whatever chose weights by it would have seen the test.
 * The dataset's own test pictures take no part. Throws `bad-input` when there are fewer pictures than parts.
 */
export function foldsOf(dataset: Dataset, count: number, seed: number): Dataset[] {
  const { train, val } = dataset.splits;
  const all = val ? joinSplits(train, val) : train;
  if (!Number.isInteger(count) || count < 2 || count > all.names.length) {
    const [got, wanted] = [`${count}`, `a whole number, 2 to ${all.names.length}`];
    throw new ResonnxError("bad-input", { where: "folds", what: "no such number of parts", got, wanted });
  }
  const part = new Int32Array(all.names.length);
  let next = 0; // goes on from class to class, so that the parts are of equal size
  for (const label of dataset.labels.keys()) {
    const members = [...part.keys()].filter((index) => all.labels[index] === label);
    for (const at of permutation(members.length, randomFor(seed, 0, label))) part[members[at]!] = next++ % count;
  }
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

/** The pictures of a split at these positions. */
const pick = (split: Split, indices: readonly number[]): Split => ({
  names: indices.map((index) => split.names[index]!),
  labels: Int32Array.from(indices, (index) => split.labels[index]!),
  read: (positions) => split.read(positions.map((position) => indices[position] ?? -1)), // -1: the split refuses it
});
