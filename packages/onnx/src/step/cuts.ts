import type { Node } from "../ir/node.ts";
import { isStatic, sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";

/** Where a forward pass is cut into segments. */
export interface Cuts {
  /** What later segments read of earlier ones. */
  readonly kept: readonly Value[];
  /** The nodes of all segments but the last, dependencies first. */
  readonly before: readonly Node[];
}

const NO_CUTS: Cuts = { kept: [], before: [] };

/** Plans are made for segments of 1/2 to 1/64 of all bytes. */
const MOST_SEGMENTS = 64;

/** Results that take no memory of their own: lowering holds them as views, or a runtime as aliases. */
const VIEWS: ReadonlySet<OpName> = new Set(["Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"]);

const bytesOf = ({ shape }: Value): number => (isStatic(shape) ? 4 * sizeOf(shape) : 0);

/**
 * The cuts after which what is kept and the largest segment take the least memory together. A segment ends where the
 * fewest bytes pass on to what follows: in a ResNet between two blocks. None where cutting doesn't help.
 */
export function cutsOf(forward: readonly Node[]): Cuts {
  const place = new Map(forward.flatMap((node, i) => node.outputs.map((value) => [value, i] as const)));
  const lastRead = new Map<Value, number>();
  for (const [i, { inputs }] of forward.entries())
    for (const input of inputs) if (input && place.has(input)) lastRead.set(input, i);
  const crossing = (at: number): Value[] =>
    [...lastRead].filter(([value, last]) => place.get(value)! <= at && at < last).map(([value]) => value);
  const passing = forward.map((_, at) => crossing(at).reduce((sum, value) => sum + bytesOf(value), 0));
  const made = forward.map(({ op, outputs }) => (VIEWS.has(op) ? 0 : bytesOf(outputs[0]!)));
  const total = made.reduce((sum, bytes) => sum + bytes, 0);

  let [best, least] = [[] as readonly number[], total];
  for (let segments = 2; segments <= MOST_SEGMENTS; segments++) {
    const ends = endsOf(made, passing, total / segments);
    const kept = new Set(ends.flatMap(crossing));
    const cost = [...kept].reduce((sum, value) => sum + bytesOf(value), largest(made, ends));
    if (cost < least) [best, least] = [ends, cost];
  }
  const end = best.at(-1);
  return end === undefined
    ? NO_CUTS
    : { kept: [...new Set(best.flatMap(crossing))], before: forward.slice(0, end + 1) };
}

/** The last places of segments of about `most` bytes, all but the last segment's. */
function endsOf(made: readonly number[], passing: readonly number[], most: number): number[] {
  const ends: number[] = [];
  let [bytes, since, end] = [0, 0, -1]; // of the segment, and behind its best end so far
  for (let i = 0; i < made.length - 1; i++) {
    bytes += made[i]!;
    since += made[i]!;
    if (end < 0 || passing[i]! <= passing[end]!) [end, since] = [i, 0];
    if (bytes <= most) continue;
    ends.push(end);
    [bytes, end] = [since, -1];
    since = 0;
  }
  return ends;
}

function largest(made: readonly number[], ends: readonly number[]): number {
  const starts = [0, ...ends.map((end) => end + 1)];
  const sizes = starts.map((start, i) => made.slice(start, starts[i + 1]).reduce((sum, bytes) => sum + bytes, 0));
  return Math.max(...sizes);
}
