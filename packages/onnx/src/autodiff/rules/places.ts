import type { Builder } from "../../builder/builder.ts";
import { constantInts } from "../../infer/rules.ts";
import { integers, stridesOf } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import { staticShape } from "../vjp.ts";

/*
 * Where elements lie in an array's memory: rules that follow indices work on rows or single elements of a flat array, of
 * which onnxruntime's Gather and ScatterElements know every case on every provider.
 */

/** x[places] added up: zeros [rows, width] with `updates` [count, width] added to the rows `places` [count]. */
export function addRows(b: Builder, rows: readonly [number, number], places: Value, updates: Value): Value {
  const count = updates.shape[0] as number;
  const spread = b.op("Expand", [b.reshape(places, [count, 1]), b.ints([count, rows[1]])], {});
  return b.op("ScatterElements", [b.filled(rows, 0), spread, updates], { axis: 0, reduction: "add" });
}

/** Indices into axes of `sizes` (along the last axis of `indices`; of one size: into that axis) counted from the front, as int64. */
function fromFront(b: Builder, indices: Value, sizes: readonly number[]): Value {
  const known = constantInts(indices);
  const shape = staticShape(indices.shape);
  if (known) {
    const counted = known.map((index, i) => (index < 0 ? index + sizes[i % sizes.length]! : index));
    return b.constant(integers(counted, shape));
  }
  const wide = indices.type.dtype === "int64" ? indices : b.op("Cast", [indices], { to: "int64" });
  const zero = b.constant(integers([0], []));
  return b.where(b.greater(zero, wide), b.add(wide, b.ints(sizes)), wide);
}

/** dy at the elements that ScatterElements' indices lead to along `axis`: ONNX's GatherElements. */
export function elementsAt(b: Builder, dy: Value, indices: Value, axis: number): Value {
  const [shape, wanted] = [staticShape(dy.shape), staticShape(indices.shape)];
  const strides = stridesOf(shape);
  const own = stridesOf(wanted);
  const others = Array.from({ length: sizeOf(wanted) }, (_, at) =>
    wanted.reduce((sum, dim, k) => (k === axis ? sum : sum + (Math.floor(at / own[k]!) % dim) * strides[k]!), 0),
  );
  const along = b.mul(fromFront(b, indices, [shape[axis]!]), b.constant(integers([strides[axis]!], [])));
  const places = b.add(along, b.constant(integers(others, wanted)));
  return b.gather(b.reshape(dy, [sizeOf(shape)]), places, 0);
}

/** The rows that GatherND's tuples lead to, where the first `batches` axes and those of the tuples are one: int64 [tuples]. */
export function rowsOfTuples(b: Builder, indices: Value, axes: readonly number[], batches: readonly number[]): Value {
  const shape = staticShape(indices.shape);
  const count = sizeOf(shape.slice(0, -1));
  const tuples = b.reshape(fromFront(b, indices, axes), [count, axes.length]);
  const inBatch = b.sum(b.mul(tuples, b.ints(stridesOf(axes))), [1], 0);
  const perBatch = count / sizeOf(batches);
  const starts = Array.from({ length: count }, (_, i) => Math.floor(i / perBatch) * sizeOf(axes));
  return b.add(inBatch, b.constant(integers(starts)));
}
