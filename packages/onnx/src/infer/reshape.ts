import { type Dim, isStatic, type Shape, sizeOf, UNKNOWN } from "../ir/types.ts";
import { factorsOf, productDim, refuse } from "./rules.ts";

/** Reshape's rule: 0 copies the input's size, one -1 takes what is left. */
export function reshaped(from: Shape, wanted: Shape): Dim[] {
  const to = wanted.map((dim, axis): Dim => (dim === 0 ? copied(from, axis) : dim));
  const hole = to.indexOf(-1);
  if (hole >= 0) return to.with(hole, leftOver(from, to.toSpliced(hole, 1), wanted));
  if (isStatic(from) && isStatic(to) && sizeOf(from) !== sizeOf(to))
    throw refuse("sizes differ", `[${from}]`, `[${wanted}]`);
  return to;
}

function copied(from: Shape, axis: number): Dim {
  const dim = from[axis];
  if (dim === undefined) throw refuse("a 0 in the shape has no input axis to copy");
  return dim;
}

/** What -1 stands for: the input's sizes divided by the other ones, equal names cancelling. */
function leftOver(from: Shape, rest: Shape, wanted: Shape): Dim {
  const { size, names } = factorsOf(from);
  const given = factorsOf(rest);
  for (const name of given.names) {
    const at = name === UNKNOWN ? -1 : names.indexOf(name);
    if (at < 0) return UNKNOWN;
    names.splice(at, 1);
  }
  if (given.size !== 0 && size % given.size === 0) return productDim([size / given.size, ...names]);
  if (names.length === 0) throw refuse("sizes differ", `[${from}]`, `[${wanted}]`);
  return UNKNOWN;
}
