import type { Alike } from "../data/alike.ts";
import { nearPairs } from "./near-pairs.ts";
import { Sets } from "./sets.ts";
import { type LookedAt, sameTones } from "./surveyed-picture.ts";

/**
 * The sets of pictures that are the same: those of equal bytes, and those of different bytes of which each looks like
 * another one of its set (hash and tones). The largest first.
 */
export function lookAlikes(pictures: readonly LookedAt[]): Alike[] {
  const identical = [...groupedBy(pictures, ({ digest }) => digest).values()];
  const near = nearSets(identical.map(([first]) => first!)).map((set) => set.flatMap((i) => identical[i]!));
  const repeated = identical.filter(({ length }) => length > 1);
  return [
    ...repeated.map((set) => ({ identical: true, pictures: set.map(memberOf) })),
    ...near.map((set) => ({ identical: false, pictures: set.map(memberOf) })),
  ].sort((a, b) => b.pictures.length - a.pictures.length);
}

const memberOf = ({ name, label, split }: LookedAt) => ({ name, label, split });

/** Positions of pictures that look alike. Those of one hash are compared with their first only, as there may be very many. */
function nearSets(pictures: readonly LookedAt[]): number[][] {
  const sets = new Sets(pictures.length);
  const join = (i: number, j: number): void => {
    if (sameTones(pictures[i]!.look, pictures[j]!.look)) sets.join(i, j);
  };
  const byHash = [...groupedBy([...pictures.keys()], (i) => pictures[i]!.look.hash.join()).values()];
  for (const [first, ...others] of byHash) for (const other of others) join(first!, other);
  const firsts = byHash.map(([first]) => first!);
  nearPairs(
    firsts.map((i) => pictures[i]!.look.hash),
    (i, j) => join(firsts[i]!, firsts[j]!),
  );
  return sets.all();
}

function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
