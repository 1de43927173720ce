import { ResonnxError } from "@resonnx/base";
import onnxProto from "onnx-proto";
import type { AttrValue } from "../opset/wire.ts";
import type { WireKind } from "../schema/schema.ts";

const { AttributeType } = onnxProto.onnx.AttributeProto;

type Attribute = onnxProto.onnx.IAttributeProto;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

type Writer = (value: never) => Attribute;

/** The kinds that graphs hold; the other ones have no writer. */
const writers: { readonly [K in WireKind]?: Writer } = {
  int: (i: number) => ({ type: AttributeType.INT, i }),
  float: (f: number) => ({ type: AttributeType.FLOAT, f }),
  string: (s: string) => ({ type: AttributeType.STRING, s: text(s) }),
  ints: (ints: readonly number[]) => ({ type: AttributeType.INTS, ints: [...ints] }),
  floats: (values: readonly number[]) => ({ type: AttributeType.FLOATS, floats: [...values] }),
  strings: (values: readonly string[]) => ({ type: AttributeType.STRINGS, strings: values.map(text) }),
};

/** An attribute as `kind` stores it. */
export function attributeProto(name: string, kind: WireKind, value: AttrValue): Attribute {
  const write = writers[kind];
  if (!write) throw new ResonnxError("internal", { where: `attribute "${name}"`, what: `no writer for ${kind}` });
  return { name, ...write(value as never) }; // schemaProblem saw that the value is of that kind
}

const decoded = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array());

/** Which kind an attribute of a file is; undefined for a code that onnx.proto does not have. */
export const kindOfAttribute = ({ type }: Attribute): WireKind | undefined => kinds[type ?? 0];

const kinds: Readonly<Record<number, WireKind>> = {
  [AttributeType.FLOAT]: "float",
  [AttributeType.INT]: "int",
  [AttributeType.STRING]: "string",
  [AttributeType.TENSOR]: "tensor",
  [AttributeType.GRAPH]: "graph",
  [AttributeType.FLOATS]: "floats",
  [AttributeType.INTS]: "ints",
  [AttributeType.STRINGS]: "strings",
  [AttributeType.TENSORS]: "tensors",
  [AttributeType.GRAPHS]: "graphs",
  [AttributeType.SPARSE_TENSOR]: "sparse",
  [AttributeType.TYPE_PROTO]: "type",
};

/** The value of an attribute of a kind that graphs hold; undefined for the others. */
export function attributeValue(attribute: Attribute): AttrValue | undefined {
  const kind = kindOfAttribute(attribute);
  return kind && readers[kind]?.(attribute);
}

const readers: { readonly [K in WireKind]?: (attribute: Attribute) => AttrValue } = {
  int: ({ i }) => Number(i ?? 0),
  float: ({ f }) => f ?? 0,
  string: ({ s }) => decoded(s),
  ints: ({ ints }) => (ints ?? []).map(Number),
  floats: ({ floats }) => [...(floats ?? [])],
  strings: ({ strings }) => (strings ?? []).map(decoded),
};
