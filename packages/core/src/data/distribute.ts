import { hash } from "../random/hash.ts";
import type { Labelled } from "./dataset.ts";

/** A picture that goes where the others of its group go. */
export interface Grouped extends Labelled {
  readonly group: string;
}

/**
 * Puts whole groups into parts, so that each part has about its share of the pictures of every class: which part each group
 * goes to. The largest groups come first, each goes where it leaves the least squared distance from those shares
 * (as scikit-learn's StratifiedGroupKFold does, for parts of any share). It depends on names and labels alone.
 */
export function distribute(pictures: readonly Grouped[], shares: readonly number[]): Map<string, number> {
  const { groups, totals } = countsOf(pictures);
  const filled = shares.map(() => totals.map(() => 0));
  const parts = new Map<string, number>();
  for (const { group, counts } of groups) {
    const costs = shares.map((share, part) =>
      counts.reduce((cost, count, label) => {
        const [total, has] = [totals[label]!, filled[part]![label]!];
        const missing = share - has / total;
        return cost + (missing - count / total) ** 2 - missing ** 2;
      }, 0),
    );
    const part = costs.indexOf(Math.min(...costs));
    parts.set(group, part);
    counts.forEach((count, label) => {
      filled[part]![label]! += count;
    });
  }
  return parts;
}

interface Counted {
  readonly group: string;
  /** Pictures of each class. */
  readonly counts: readonly number[];
  readonly size: number;
}

/** The groups, the largest first, equally large ones by a hash of their names; and the pictures of each class. */
function countsOf(pictures: readonly Grouped[]): { groups: Counted[]; totals: number[] } {
  const labels = [...new Set(pictures.map(({ label }) => label))].sort();
  const numbers = new Map(labels.map((label, number) => [label, number]));
  const totals = labels.map(() => 0);
  const counts = new Map<string, number[]>();
  for (const { group, label } of pictures) {
    const own = counts.get(group) ?? labels.map(() => 0);
    counts.set(group, own);
    const number = numbers.get(label)!;
    own[number]! += 1;
    totals[number]! += 1;
  }
  const groups = [...counts].map(([group, own]) => ({ group, counts: own, size: own.reduce((a, b) => a + b) }));
  const byHash = (a: Counted, b: Counted) => hash(a.group) - hash(b.group) || (a.group < b.group ? -1 : 1);
  return { groups: groups.sort((a, b) => b.size - a.size || byHash(a, b)), totals };
}
