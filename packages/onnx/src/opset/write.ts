import { ResonnxError } from "@resonnx/base";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { dtypeCodes } from "../proto/dtypes.ts";
import { schemaProblem } from "../schema/problem.ts";
import { type Schema, schemaOf, type WireKind } from "../schema/schema.ts";
import { formsAt } from "./forms.ts";
import type { AttrValue, Wire } from "./wire.ts";

/** A node in the form of an opset, with the schema that says how its attributes are stored. */
export interface WrittenNode extends Wire {
  readonly schema: Schema;
}

/**
 * The node as `opset` writes it; `ints` makes a constant. Throws `unsupported` when that version of the operator can't say
 * what the node says.
 */
export function writeNode(
  node: Node,
  opset: number,
  ints: (values: readonly number[]) => Value,
  where: string,
): WrittenNode {
  const schema = schemaOf(node.op, opset)!; // atOpset left no other
  let wire: Wire = { op: node.op, inputs: trimmed(node.inputs), attrs: asStored(node) };
  for (const form of formsAt(node.op, opset)) wire = form.write(wire, ints, node.outputs.length);
  const written = { ...wire, attrs: withoutUnknownDefaults(wire.attrs, schema), schema };
  const problem = schemaProblem(schema, {
    inputs: written.inputs.map((input) => input?.type.dtype ?? ""),
    outputs: node.outputs.map(({ type }) => type.dtype),
    attributes: kindsOf(written),
  });
  if (problem)
    throw new ResonnxError("unsupported", {
      where: `${where}: ${node.name ?? node.op}`,
      ...problem,
      what: `${node.op} at opset ${opset}: ${problem.what}`,
    });
  return written;
}

/** Optional inputs at the end that are left out need no empty names. */
const trimmed = (inputs: readonly (Value | undefined)[]): readonly (Value | undefined)[] =>
  inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1);

function asStored(node: Node): Wire["attrs"] {
  const given = Object.entries(node.attrs).filter(([, value]) => value !== undefined);
  const attrs = Object.fromEntries(given) as Record<string, AttrValue>;
  // Element types are codes in a file and names in the graph.
  return node.is("Cast") ? { ...attrs, to: dtypeCodes[node.output.type.dtype] } : attrs;
}

/** An attribute that this version has not yet goes, as long as it says what older versions do anyway. */
function withoutUnknownDefaults(attrs: Wire["attrs"], schema: Schema): Wire["attrs"] {
  const latest = schemaOf(schema.op, Number.POSITIVE_INFINITY)!;
  return Object.fromEntries(
    Object.entries(attrs).filter(
      ([name, value]) => schema.attributes.has(name) || `${value}` !== latest.attributes.get(name)?.fallback,
    ),
  );
}

/** How each attribute is stored: as the schema says, where the value fits that. */
function kindsOf({ attrs, schema }: WrittenNode): Map<string, WireKind> {
  return new Map(
    Object.entries(attrs).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, kindOf(value, schema.attributes.get(name)?.kind)]],
    ),
  );
}

function kindOf(value: AttrValue, wanted: WireKind | undefined): WireKind {
  if (typeof value === "string") return "string";
  if (typeof value === "number") return wanted === "float" || !Number.isInteger(value) ? "float" : "int";
  if (value.some((item) => typeof item === "string") || wanted === "strings") return "strings";
  return wanted === "floats" || value.some((item) => !Number.isInteger(item)) ? "floats" : "ints";
}
