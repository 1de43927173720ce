import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import type { Phase, Renewed, Trained } from "./update-rule.ts";

/**
 * Renews all parameters; vectors that the phase treats alike are renewed as one. A network has hundreds of them, biases
 * and scales of normalizations: ten operators on their concatenation instead of ten on each.
 */
export function renewAll(
  b: Builder,
  phase: Pick<Phase, "factor" | "apply">,
  all: readonly Trained<Value>[],
  scalars: readonly Value[],
): Renewed<Value>[] {
  const groups = [...groupsOf(phase, all).values()];
  const renewed = phase.apply(
    b,
    groups.map((group) => gathered(b, group)),
    scalars,
  );
  const results = new Map<Trained<Value>, Renewed<Value>>();
  for (const [i, group] of groups.entries()) {
    for (const [k, result] of parted(b, renewed[i]!, group).entries()) results.set(group[k]!, result);
  }
  return all.map((item) => results.get(item)!);
}

/** Vectors by their factor, everything else alone; in the order of first appearance. */
function groupsOf(phase: Pick<Phase, "factor">, all: readonly Trained<Value>[]): Map<string, Trained<Value>[]> {
  const groups = new Map<string, Trained<Value>[]>();
  for (const item of all) {
    const key = item.parameter.rank === 1 ? `vectors ${phase.factor(item.name)}` : item.name;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function gathered(b: Builder, group: readonly Trained<Value>[]): Trained<Value> {
  const [first] = group;
  if (group.length === 1) return first!;
  const joined = (part: (item: Trained<Value>) => Value): Value => b.concat(group.map(part), 0);
  return {
    name: first!.name,
    parameter: joined(({ parameter }) => parameter),
    gradient: joined(({ gradient }) => gradient),
    slots: first!.slots.map((_, slot) => joined(({ slots }) => slots[slot]!)),
  };
}

function parted(b: Builder, { parameter, slots }: Renewed<Value>, group: readonly Trained<Value>[]): Renewed<Value>[] {
  if (group.length === 1) return [{ ...(parameter && { parameter }), slots }];
  const sizes = b.ints(group.map((item) => item.parameter.shape[0] as number));
  const pieces = (value: Value): readonly Value[] => b.ops("Split", [value, sizes], { axis: 0 }, group.length);
  const parameters = parameter && pieces(parameter);
  const slotPieces = slots.map(pieces);
  return group.map((_, k) => ({
    ...(parameters && { parameter: parameters[k]! }),
    slots: slotPieces.map((slot) => slot[k]!),
  }));
}
