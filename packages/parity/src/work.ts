import type { Tensors } from "@resonnx/runtime";
import type { BackendLimit, Case } from "./backend.ts";
import { sharedRows, sliceRows } from "./slice.ts";

/** A case with the reference's answer. */
export interface Answered extends Case {
  readonly expected: Tensors;
}

/**
 * What a backend has to run: the cases as they are or, under a limit, their first rows in pieces of `maxBatch`.
 * A case whose tensors don't share their first axis can't be cut and stays whole.
 */
export function workFor(cases: readonly Answered[], limit: BackendLimit | undefined): readonly Answered[] {
  if (limit === undefined) return cases;
  const pieces: Answered[] = [];
  let left = limit.pictures;
  for (const whole of cases) {
    if (left <= 0) break;
    const rows = sharedRows({ ...prefixed("in", whole.inputs), ...prefixed("out", whole.expected) });
    const taken = Math.min(rows ?? 1, left);
    left -= taken;
    if (rows === null || (taken === rows && rows <= limit.maxBatch)) pieces.push(whole);
    else
      for (let at = 0; at < taken; at += limit.maxBatch)
        pieces.push(cut(whole, at, Math.min(at + limit.maxBatch, taken)));
  }
  return pieces;
}

function cut({ name, inputs, expected }: Answered, start: number, end: number): Answered {
  return {
    name: `${name}[${start}:${end}]`,
    inputs: sliceRows(inputs, start, end),
    expected: sliceRows(expected, start, end),
  };
}

/** An input and an output may have the same name. */
function prefixed(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}:${name}`, tensor]));
}
