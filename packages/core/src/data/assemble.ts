import { type Dataset, type Labelled, SPLIT_NAMES, type Split, type SplitName } from "./dataset.ts";
import { checkLabels, labelsOf } from "./labels.ts";
import { checkIndex } from "./split.ts";

/** A picture whose split is known. */
export type Assigned = Labelled & { readonly split: SplitName };

export interface Parts {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly Assigned[];
  /** The class names in order; those of the pictures when the source has no list of its own. */
  readonly labels?: readonly string[];
  readonly notes: readonly string[];
  /** Of each picture, equal for equal source bytes only; without them nothing is said of duplicates. */
  readonly digests?: readonly string[];
  /** u8 RGB [positions.length, height, width, 3]: the pictures at these positions of `pictures`. */
  read(positions: readonly number[]): Promise<Uint8Array>;
}

/** The dataset made of its pictures. Throws `bad-input` when they show fewer than two classes. */
export function assemble(parts: Parts): Dataset {
  const { name, width, height, pictures, labels = labelsOf(pictures), notes, digests } = parts;
  checkLabels(labels, name);
  const groups = SPLIT_NAMES.map((split) => positionsOf(pictures, split));
  const [train, val, test] = groups.map((group) => splitAt(group, labels, parts));
  const repeated = digests ? repeats(groups, digests) : groups.map(() => []);
  return {
    name,
    labels,
    width,
    height,
    splits: { train: train!, ...(val!.names.length > 0 && { val: val! }), test: test! },
    notes: [...notes, ...unseenNote(train!, labels), ...repeatNotes(groups, repeated)],
    duplicates: repeated[2]!.map((position) => pictures[position]!.name),
  };
}

const positionsOf = (pictures: readonly Assigned[], split: SplitName): Int32Array =>
  Int32Array.from([...pictures.keys()].filter((position) => pictures[position]!.split === split));

/** The split of the pictures at these positions. It keeps nothing of theirs but the names: there may be a million. */
function splitAt(group: Int32Array, labels: readonly string[], { pictures, read }: Parts): Split {
  const numbers = new Map(labels.map((label, number) => [label, number]));
  return {
    names: Array.from(group, (position) => pictures[position]!.name),
    labels: Int32Array.from(group, (position) => numbers.get(pictures[position]!.label) ?? -1),
    read: reader(group, read),
  };
}

function reader(group: Int32Array, read: Parts["read"]): Split["read"] {
  return async (indices) => {
    for (const index of indices) checkIndex(index, group.length);
    return read(indices.map((index) => group[index]!));
  };
}

/** For each split, the positions of the pictures whose bytes are also in a split before it. */
function repeats(groups: readonly Int32Array[], digests: readonly string[]): number[][] {
  const seen = new Set<string>();
  return groups.map((group) => {
    const again = [...group].filter((position) => seen.has(digests[position]!));
    for (const position of group) seen.add(digests[position]!);
    return again;
  });
}

function repeatNotes(groups: readonly Int32Array[], repeated: readonly (readonly number[])[]): string[] {
  const before = ["", "a train", "a train or val"];
  return SPLIT_NAMES.flatMap((split, i) => {
    const count = repeated[i]!.length;
    return count === 0
      ? []
      : [`${count} of ${groups[i]!.length} ${split} pictures are byte-identical to ${before[i]} picture.`];
  });
}

function unseenNote(train: Split, labels: readonly string[]): string[] {
  const seen = new Set(train.labels);
  const unseen = labels.filter((_, number) => !seen.has(number));
  if (train.names.length === 0 || unseen.length === 0) return [];
  return [`No training picture shows ${unseen.map((label) => JSON.stringify(label)).join(", ")}.`];
}
