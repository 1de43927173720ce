import { numbersOf } from "../ir/tensor.ts";
import { type Dim, UNKNOWN } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { axisOf, constantInts, refuse } from "./rules.ts";

/**
 * What is known about the elements of an integer vector that is a shape or pads: all of a constant's, the sizes that
 * `Shape` reads, and what Concat, Gather and Slice take of such; `UNKNOWN` for the others.
 */
export function dimsOf(vector: Value): Dim[] {
  const node = vector.producer;
  if (vector.constant) return numbersOf(vector.constant);
  if (node?.is("Shape")) return [...node.inputs[0]!.shape];
  if (node?.is("Concat")) return node.inputs.flatMap((part) => dimsOf(part!));
  if (node?.is("Gather")) {
    const dims = dimsOf(node.inputs[0]!);
    const indices = constantInts(node.inputs[1]);
    if (indices && vector.rank === 1) return indices.map((index) => dims[axisOf(index, dims.length)]!);
  }
  const [length, ...more] = vector.shape;
  if (typeof length !== "number" || more.length > 0) throw refuse("the rank of the result is unknown");
  return new Array<Dim>(length).fill(UNKNOWN);
}
