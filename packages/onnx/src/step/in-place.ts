import type { Node } from "../ir/node.ts";
import { sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";

/** Operators that write each element of their result after reading the same element of their inputs. */
const ELEMENTWISE: ReadonlySet<OpName> = new Set(["Add", "Div", "Max", "Min", "Mul", "Sub", "Where"]);

/** Operators whose result a runtime may keep where their input lies. */
const ALIASES: ReadonlySet<OpName> = new Set(["Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"]);

/**
 * Whether `next` may be written over `input`: every node that reads `input` has run before the node that gives `next`,
 * in whatever order a runtime takes, since that one depends on it; or it is that one, working element by element.
 */
export function writableInPlace(input: Value, next: Value): boolean {
  const writer = next.producer;
  if (!writer) return false;
  return readersOf(input).every((reader) => (reader === writer ? overwrites(writer, input) : leadsTo(reader, writer)));
}

/** The nodes that read a value's memory, under other shapes as well. */
export const readersOf = (value: Value): Node[] =>
  [...value.users].flatMap((user) => (ALIASES.has(user.op) ? [user, ...readersOf(user.output)] : [user]));

const overwrites = (writer: Node, input: Value): boolean =>
  ELEMENTWISE.has(writer.op) &&
  sizeOf(input.shape as readonly number[]) === sizeOf(writer.output.shape as readonly number[]);

function leadsTo(from: Node, to: Node): boolean {
  const reached = new Set([from]);
  for (const node of reached) {
    if (node === to) return true;
    for (const output of node.outputs) for (const user of output.users) reached.add(user);
  }
  return false;
}
