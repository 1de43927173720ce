import type onnxProto from "onnx-proto";
import { kindOfAttribute } from "../proto/attributes.ts";
import type { Problem } from "../schema/problem.ts";
import type { WireKind } from "../schema/schema.ts";

type AttributeProto = onnxProto.onnx.IAttributeProto;

/** The field that holds the value of each kind. */
const fields: { readonly [K in WireKind]?: keyof AttributeProto } = {
  float: "f",
  int: "i",
  string: "s",
  tensor: "t",
  graph: "g",
  sparse: "sparseTensor",
  floats: "floats",
  ints: "ints",
  strings: "strings",
  tensors: "tensors",
  graphs: "graphs",
};

/** Own properties are those that the file holds; lists are always there. */
const isSet = (attribute: AttributeProto, field: keyof AttributeProto): boolean => {
  const value = attribute[field];
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? (value as ArrayLike<unknown>).length > 0 || (field === "s" && Object.hasOwn(attribute, field))
    : value !== undefined && value !== null && Object.hasOwn(attribute, field);
};

/** What is wrong with an attribute by itself: its name, its type, and that its value is of that type. */
export function attributeProblem(attribute: AttributeProto): Problem | undefined {
  if (!attribute.name) return { what: "an attribute without a name" };
  const kind = kindOfAttribute(attribute);
  if (!kind) return { what: `attribute "${attribute.name}" has no type` };
  const wanted = fields[kind];
  const odd = Object.values(fields).find((field) => field !== wanted && isSet(attribute, field));
  return odd ? { what: `attribute "${attribute.name}" is ${kind}, its value is not`, got: odd } : undefined;
}
