import { type Dataset, type Labelled, SPLIT_NAMES, type Split, type SplitName } from "./dataset.ts";
import { checkLabels, labelsOf } from "./labels.ts";
import { splitOf } from "./split.ts";

/** A picture that was decoded once: known to be sound. */
export interface LoadedPicture extends Labelled {
  readonly split: SplitName;
  /** Equal for equal source bytes only. */
  readonly digest: string;
  /** u8 RGB [height, width, 3] of the dataset's size. */
  pixels(): Uint8Array | Promise<Uint8Array>;
}

export interface Parts {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly LoadedPicture[];
  /** The class names in order; those of the pictures when the source has no list of its own. */
  readonly labels?: readonly string[];
  readonly notes: readonly string[];
}

/** The dataset made of its pictures. Throws `bad-input` when they show fewer than two classes. */
export function assemble({ name, width, height, pictures, labels = labelsOf(pictures), notes }: Parts): Dataset {
  checkLabels(labels, name);
  const bytes = width * height * 3;
  const groups = SPLIT_NAMES.map((split) => pictures.filter((picture) => picture.split === split));
  const [train, val, test] = groups.map(
    (group): Split =>
      splitOf(
        group.map((picture) => picture.name),
        Int32Array.from(group, ({ label }) => labels.indexOf(label)),
        bytes,
        (index) => group[index]!.pixels(),
      ),
  );
  const repeated = repeats(groups);
  return {
    name,
    labels,
    width,
    height,
    splits: { train: train!, ...(val!.names.length > 0 && { val: val! }), test: test! },
    notes: [...notes, ...unseenNote(groups[0]!, labels), ...repeatNotes(groups, repeated)],
    duplicates: repeated[2]!,
  };
}

/** For each split, the names of the pictures whose bytes are also in a split before it. */
function repeats(groups: readonly (readonly LoadedPicture[])[]): string[][] {
  const seen = new Set<string>();
  return groups.map((group) => {
    const names = group.filter(({ digest }) => seen.has(digest)).map(({ name }) => name);
    for (const { digest } of group) seen.add(digest);
    return names;
  });
}

function repeatNotes(groups: readonly (readonly LoadedPicture[])[], repeated: readonly string[][]): string[] {
  const before = ["", "a train", "a train or val"];
  return SPLIT_NAMES.flatMap((split, i) => {
    const names = repeated[i]!;
    if (names.length === 0) return [];
    return [`${names.length} of ${groups[i]!.length} ${split} pictures are byte-identical to ${before[i]} picture.`];
  });
}

function unseenNote(train: readonly LoadedPicture[], labels: readonly string[]): string[] {
  const seen = new Set(train.map(({ label }) => label));
  const unseen = labels.filter((label) => !seen.has(label));
  if (train.length === 0 || unseen.length === 0) return [];
  return [`No training picture shows ${unseen.map((label) => JSON.stringify(label)).join(", ")}.`];
}
