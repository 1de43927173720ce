import type { RunSummary } from "./list-runs.ts";

/** What differs between two runs: values of `run.json` by their path, such as `recipe.augment.rotate`. */
export interface Difference {
  readonly name: string;
  /** As JSON; undefined where a run has no such value. */
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** All values of the configurations that aren't the same. */
export function compareConfigs(a: RunSummary, b: RunSummary): Difference[] {
  const [left, right] = [flat(a.config), flat(b.config)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .map((name) => ({ name, a: left.get(name), b: right.get(name) }));
}

/** Leaves as JSON by their paths; null counts as absent. */
export function flat(value: object, prefix = ""): Map<string, string> {
  const leaves = Object.entries(value).flatMap(([key, each]): [string, string][] => {
    if (each === null || each === undefined) return [];
    if (typeof each === "object" && !Array.isArray(each)) return [...flat(each, `${prefix}${key}.`)];
    return [[prefix + key, JSON.stringify(each)]];
  });
  return new Map(leaves);
}
