import { ResonnxError } from "@resonnx/base";

/** The group that a picture belongs to, such as who signs; undefined where its name doesn't tell. */
export type GroupOf = (name: string) => string | undefined;

/**
 * Groups by a regular expression: what its first pair of parentheses matches in the file's name, without folders.
 * Throws `bad-input` for what is no expression or has no parentheses.
 */
export function groupsBy(pattern: string): GroupOf {
  const expression = compiled(pattern);
  return (name) => expression.exec(name.slice(name.lastIndexOf("/") + 1))?.[1];
}

function compiled(pattern: string): RegExp {
  const refuse = (what: string, cause?: unknown): ResonnxError =>
    new ResonnxError("bad-input", {
      where: "--group",
      what,
      got: JSON.stringify(pattern),
      wanted: "a regular expression with parentheses around the group, such as ^([^_]+)_",
      cause,
    });
  try {
    const parentheses = new RegExp(`${pattern}|`, "u").exec("")!.length - 1; // matches nothing, with its parentheses
    if (parentheses > 0) return new RegExp(pattern, "u");
  } catch (cause) {
    throw refuse("no regular expression", cause);
  }
  throw refuse("no parentheses");
}
