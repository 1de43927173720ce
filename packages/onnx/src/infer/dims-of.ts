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
  if (node?.is("Unsqueeze") && node.inputs[0]!.rank === 0) return [sizeIn(node.inputs[0]!)];
  const [length, ...more] = vector.shape;
  if (typeof length !== "number" || more.length > 0) throw refuse("the rank of the result is unknown");
  return new Array<Dim>(length).fill(UNKNOWN);
}

/** What is known about a scalar that is a size: the one that Gather takes of a shape. */
function sizeIn({ producer, constant }: Value): Dim {
  if (constant) return numbersOf(constant)[0]!;
  const index = producer?.is("Gather") ? constantInts(producer.inputs[1])?.[0] : undefined;
  if (index === undefined) return UNKNOWN;
  const dims = dimsOf(producer!.inputs[0]!);
  return dims[axisOf(index, dims.length)]!;
}
