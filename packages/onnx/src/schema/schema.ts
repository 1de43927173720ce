import { SCHEMAS, TYPE_SETS } from "./table.ts";

export type WireKind =
  | "int"
  | "float"
  | "string"
  | "ints"
  | "floats"
  | "strings"
  | "tensor"
  | "tensors"
  | "graph"
  | "graphs"
  | "sparse"
  | "type";

export interface SchemaParameter {
  readonly name: string;
  /** A type variable of the schema, or the number of a set of element types. */
  readonly type: string;
  readonly option: "required" | "optional" | "variadic" | "any";
}

export interface SchemaAttribute {
  readonly name: string;
  readonly kind: WireKind;
  readonly required: boolean;
  /** As text, where the schema states one. */
  readonly fallback: string | undefined;
}

/** One version of one operator of ONNX's default domain. */
export interface Schema {
  readonly op: string;
  readonly since: number;
  readonly deprecated: boolean;
  readonly inputs: readonly SchemaParameter[];
  readonly outputs: readonly SchemaParameter[];
  /** Least and most. */
  readonly inputCount: readonly [number, number];
  readonly outputCount: readonly [number, number];
  readonly attributes: ReadonlyMap<string, SchemaAttribute>;
  /** Allowed element types by variable. */
  readonly types: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The opsets that can be written, and that the table of schemas covers. */
export const OPSETS = { least: 13, most: 23 } as const;

/** The schema of `op` in force at `opset`; undefined when the operator came later, or doesn't exist. */
export const schemaOf = (op: string, opset: number): Schema | undefined =>
  versions()
    .get(op)
    ?.findLast(({ since }) => since <= opset);

/** The first opset at which the operator exists, or 13 where it is older; undefined for an operator that ONNX doesn't have. */
export const existsSince = (op: string): number | undefined => {
  const first = versions().get(op)?.[0];
  return first && Math.max(first.since, OPSETS.least);
};

/** The element types that a schema's parameter takes. */
export const typesOf = ({ types }: Schema, { type }: SchemaParameter): ReadonlySet<string> =>
  types.get(type) ?? typeSet(type.slice(1));

let table: ReadonlyMap<string, readonly Schema[]> | undefined;

/** Read at the first use: 340 lines, 2 ms. */
function versions(): ReadonlyMap<string, readonly Schema[]> {
  if (table) return table;
  const made = new Map<string, Schema[]>();
  for (const schema of SCHEMAS.trim().split("\n").map(parse)) {
    const older = made.get(schema.op);
    if (older) older.push(schema);
    else made.set(schema.op, [schema]);
  }
  table = made;
  return made;
}

function parse(line: string): Schema {
  const [head = "", inputs = "", outputs = "", counts = "", attributes = "", variables = ""] = line.split("|");
  const [op = "", since, deprecated] = head.split(" ");
  const [leastIn = 0, mostIn = 0, leastOut = 0, mostOut = 0] = counts.split(" ").map(Number);
  return {
    op,
    since: Number(since),
    deprecated: deprecated !== undefined,
    inputs: list(inputs).map(parameter),
    outputs: list(outputs).map(parameter),
    inputCount: [leastIn, mostIn],
    outputCount: [leastOut, mostOut],
    attributes: new Map(list(attributes).map((text) => [text.slice(0, text.indexOf(":")), attribute(text)])),
    types: new Map(
      list(variables).map((text) => {
        const [name = "", set = ""] = text.split("=");
        return [name, typeSet(set)];
      }),
    ),
  };
}

const list = (text: string): string[] => (text === "" ? [] : text.split(","));

const options: Readonly<Record<string, SchemaParameter["option"]>> = { "?": "optional", "+": "variadic", "*": "any" };

function parameter(text: string): SchemaParameter {
  const [name = "", type = ""] = text.split(":");
  const option = options[type.at(-1)!];
  return { name, type: option ? type.slice(0, -1) : type, option: option ?? "required" };
}

function attribute(text: string): SchemaAttribute {
  const [, name = "", kind = "", rest = ""] = /^(\w+):([a-z]+)(.*)$/.exec(text) ?? [];
  return {
    name,
    kind: kind as WireKind, // the generator writes no other
    required: rest === "!",
    fallback: rest.startsWith("=") ? rest.slice(1) : undefined,
  };
}

const sets = new Map<string, ReadonlySet<string>>();

function typeSet(number: string): ReadonlySet<string> {
  const known = sets.get(number);
  if (known) return known;
  const made = new Set(TYPE_SETS[Number(number)]?.split(" "));
  sets.set(number, made);
  return made;
}
