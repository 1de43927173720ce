import { ResonnxError } from "@resonnx/base";
import type { Group } from "h5wasm";
import { attributeValue } from "./attribute.ts";

/** More pieces than any file has; Keras splits a list at 64 KB. */
const MOST_PIECES = 10_000;

/**
 * A list of strings in an attribute, such as `layer_names`. Keras cuts long lists into `layer_names0`, `layer_names1`, ...
 * Returns undefined when there is no such attribute; throws `bad-input` when it isn't a list of strings.
 */
export function stringList(group: Group, name: string, where: string): string[] | undefined {
  const { attrs } = group;
  const whole = attributeValue(attrs, name, where);
  if (whole !== undefined) return asStrings(whole, name, where);
  const pieces: string[] = [];
  for (let i = 0; i < MOST_PIECES; i++) {
    const piece = attributeValue(attrs, `${name}${i}`, where);
    if (piece === undefined) return i === 0 ? undefined : pieces;
    pieces.push(...asStrings(piece, name, where));
  }
  return pieces;
}

/** One string in an attribute, undefined when absent. */
export function stringAttribute(group: Group, name: string, where: string): string | undefined {
  const value = attributeValue(group.attrs, name, where);
  return typeof value === "string" ? value : undefined;
}

function asStrings(value: unknown, name: string, where: string): string[] {
  // An empty list of names is stored as an empty list of numbers.
  if (ArrayBuffer.isView(value) && value.byteLength === 0) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new ResonnxError("bad-input", {
    where,
    what: `the attribute ${name} is not what Keras writes`,
    got: typeof value,
    wanted: "a list of strings",
  });
}
