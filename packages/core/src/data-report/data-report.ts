import type { Alike } from "../data/alike.ts";
import { SPLIT_NAMES, type SplitName } from "../data/dataset.ts";
import type { GroupOf } from "../data/groups.ts";
import { type Leak, leaksOf } from "./leaks.ts";
import { lookAlikes } from "./look-alikes.ts";
import { type SizeSummary, sizesOf, tally } from "./summaries.ts";
import type { SurveyedPicture } from "./surveyed-picture.ts";

/** What was seen of a data set. */
export interface Survey {
  readonly name: string;
  /** The class names in order. */
  readonly labels: readonly string[];
  readonly pictures: readonly SurveyedPicture[];
  readonly corrupt: readonly { readonly name: string; readonly reason: string }[];
  readonly notes: readonly string[];
  readonly groupOf?: GroupOf | undefined;
}

/** A group with pictures in several splits. */
export interface SplitGroup {
  readonly group: string;
  /** Pictures in each split. */
  readonly counts: Readonly<Partial<Record<SplitName, number>>>;
}

/** What a data set consists of and what is wrong with it: what `resonnx data inspect --json` prints. */
export interface DataReport {
  readonly name: string;
  /** Sound pictures. */
  readonly count: number;
  readonly labels: readonly string[];
  /** `perClass` in the order of `labels`. */
  readonly splits: readonly {
    readonly split: SplitName;
    readonly count: number;
    readonly perClass: readonly number[];
  }[];
  /** Pictures of the largest class for each of the smallest, in train; null when a class has none there. */
  readonly imbalance: number | null;
  readonly sizes: SizeSummary;
  /** Pictures of each colour mode and file format, the most common first. */
  readonly modes: Readonly<Record<string, number>>;
  readonly formats: Readonly<Record<string, number>>;
  readonly corrupt: Survey["corrupt"];
  /** Every set of identical or similar pictures, the largest first. */
  readonly alike: readonly Alike[];
  readonly leaks: readonly Leak[];
  /** Sets of look-alikes that belong to several classes. */
  readonly conflicts: readonly Alike[];
  /** Absent when no groups were asked for. */
  readonly groups?: { readonly count: number; readonly split: readonly SplitGroup[] };
  readonly notes: readonly string[];
}

/** What a survey found. */
export function dataReport({ name, labels, pictures, corrupt, notes, groupOf }: Survey): DataReport {
  const alike = lookAlikes(pictures);
  const splits = SPLIT_NAMES.map((split) => {
    const own = pictures.filter((picture) => picture.split === split);
    const counts = tally(own.map(({ label }) => label));
    return { split, count: own.length, perClass: labels.map((label) => counts[label] ?? 0) };
  }).filter(({ count }) => count > 0);
  const train = splits.find(({ split }) => split === "train")?.perClass ?? [];
  return {
    name,
    count: pictures.length,
    labels,
    splits,
    imbalance: train.length > 0 && Math.min(...train) > 0 ? Math.max(...train) / Math.min(...train) : null,
    sizes: sizesOf(pictures),
    modes: tally(pictures.map(({ mode }) => mode)),
    formats: tally(pictures.map(({ format }) => format)),
    corrupt,
    alike,
    leaks: leaksOf(alike),
    conflicts: alike.filter((set) => new Set(set.pictures.map(({ label }) => label)).size > 1),
    ...(groupOf && { groups: groupsOf(pictures, groupOf) }),
    notes,
  };
}

function groupsOf(pictures: readonly SurveyedPicture[], groupOf: GroupOf): NonNullable<DataReport["groups"]> {
  const groups = new Map<string, Partial<Record<SplitName, number>>>();
  for (const { name, split } of pictures) {
    const group = groupOf(name);
    if (group === undefined) continue;
    const counts = groups.get(group) ?? {};
    groups.set(group, counts);
    counts[split] = (counts[split] ?? 0) + 1;
  }
  const several = [...groups].filter(([, counts]) => Object.keys(counts).length > 1);
  return { count: groups.size, split: several.map(([group, counts]) => ({ group, counts })) };
}
