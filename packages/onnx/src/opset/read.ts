import { ResonnxError } from "@resonnx/base";
import type { Value } from "../ir/value.ts";
import { type Attrs, type OpName, ops } from "../ops/index.ts";
import { dtypeOfCode } from "../proto/dtypes.ts";
import { type Schema, schemaOf } from "../schema/schema.ts";
import { formsAt } from "./forms.ts";
import type { AttrValue, Wire } from "./wire.ts";

/** A node of a file as the graph has it. */
export interface ReadNode {
  readonly op: OpName;
  readonly inputs: readonly (Value | undefined)[];
  readonly attrs: Attrs<OpName>;
}

/** A node of a file of `opset` in the graph's own form. Throws `unsupported` for attributes that the graph can't hold. */
export function readNode(wire: Wire, opset: number, where: string): ReadNode {
  const op = wire.op as OpName; // decode has refused the others
  const schema = schemaOf(op, Math.max(opset, 13));
  const node = formsAt(op, opset).reduceRight((node, form) => form.read(node), wire);
  const known = ops[op].attrs as Readonly<Record<string, string>>;
  const attrs: Record<string, AttrValue | undefined> = {};
  for (const [name, value] of Object.entries(node.attrs)) {
    if (Object.hasOwn(known, name)) attrs[name] = value;
    else if (`${value}` !== schema?.attributes.get(name)?.fallback)
      throw new ResonnxError("unsupported", { where, what: `attribute "${name}" of ${op}`, got: `${value}` });
  }
  for (const [name, kind] of Object.entries(known))
    if (!kind.endsWith("?")) attrs[name] ??= defaultOf(schema, name, kind) ?? missing(op, name, where);
  if (op === "Cast") attrs.to = elementType(attrs.to, where);
  return { op, inputs: node.inputs, attrs: attrs as Attrs<OpName> };
}

/** What an attribute says when a file leaves it out; undefined where the schema doesn't say. */
function defaultOf(schema: Schema | undefined, name: string, kind: string): AttrValue | undefined {
  const fallback = schema?.attributes.get(name)?.fallback;
  return fallback === undefined || kind === "string" ? fallback : Number(fallback);
}

function missing(op: string, name: string, where: string): never {
  throw new ResonnxError("bad-input", { where, what: `${op}: attribute "${name}" is missing` });
}

function elementType(code: AttrValue | undefined, where: string): string {
  const dtype = dtypeOfCode(Number(code));
  if (!dtype)
    throw new ResonnxError(code ? "unsupported" : "bad-input", { where, what: "Cast to element type", got: `${code}` });
  return dtype;
}
