import { type Schema, type SchemaParameter, typesOf, type WireKind } from "./schema.ts";

/** One node as a file holds it, as far as a schema speaks about it. */
export interface SeenNode {
  /** Element types; `undefined` where unknown, "" for one that is left out. */
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly (string | undefined)[];
  readonly attributes: ReadonlyMap<string, WireKind>;
}

/** What is wrong with a node, in the parts of an error. */
export interface Problem {
  readonly what: string;
  readonly got?: string;
  readonly wanted?: string;
}

/** How the node breaks its operator's schema, or undefined: counts, attributes, element types. */
export function schemaProblem(schema: Schema, node: SeenNode): Problem | undefined {
  if (schema.deprecated) return { what: "the operator is deprecated" };
  return (
    countProblem("inputs", node.inputs, schema.inputs, schema.inputCount) ??
    countProblem("outputs", node.outputs, schema.outputs, schema.outputCount) ??
    attributeProblem(schema, node.attributes) ??
    typeProblem(schema, node)
  );
}

function countProblem(
  side: string,
  given: readonly (string | undefined)[],
  parameters: readonly SchemaParameter[],
  [least, most]: readonly [number, number],
): Problem | undefined {
  if (given.length < least || given.length > most)
    return {
      what: `number of ${side}`,
      got: `${given.length}`,
      wanted: least === most ? `${least}` : `${least} to ${most}`,
    };
  const missing = parameters.find(({ option }, i) => option === "required" && given[i] === "");
  return missing ? { what: `${side.slice(0, -1)} "${missing.name}" is left out` } : undefined;
}

function attributeProblem({ attributes }: Schema, given: ReadonlyMap<string, WireKind>): Problem | undefined {
  for (const [name, kind] of given) {
    const known = attributes.get(name);
    if (!known) return { what: `attribute "${name}" does not exist in this version` };
    if (known.kind !== kind) return { what: `kind of attribute "${name}"`, got: kind, wanted: known.kind };
  }
  for (const { name, required } of attributes.values())
    if (required && !given.has(name)) return { what: `attribute "${name}" is missing` };
  return undefined;
}

/** Every element type is allowed, and one type variable stands for one type. */
function typeProblem(schema: Schema, node: SeenNode): Problem | undefined {
  const bound = new Map<string, string>();
  for (const [side, given, parameters] of [
    ["input", node.inputs, schema.inputs],
    ["output", node.outputs, schema.outputs],
  ] as const) {
    for (const [i, type] of given.entries()) {
      const parameter = parameters[Math.min(i, parameters.length - 1)];
      if (!parameter || !type) continue;
      const allowed = typesOf(schema, parameter);
      if (!allowed.has(type))
        return { what: `element type of ${side} "${parameter.name}"`, got: type, wanted: [...allowed].join(", ") };
      if (parameter.option === "any" || !schema.types.has(parameter.type)) continue;
      const first = bound.get(parameter.type);
      if (first !== undefined && first !== type)
        return {
          what: `element type of ${side} "${parameter.name}"`,
          got: type,
          wanted: `${first}, like the other ${parameter.type}`,
        };
      bound.set(parameter.type, type);
    }
  }
  return undefined;
}
