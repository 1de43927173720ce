import type { Value } from "../ir/value.ts";

export type AttrValue = number | string | readonly number[] | readonly string[];

/** One node as a file of some opset writes it: same edges as in the graph, attributes and inputs in that opset's form. */
export interface Wire {
  readonly op: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attrs: Readonly<Record<string, AttrValue | undefined>>;
}
