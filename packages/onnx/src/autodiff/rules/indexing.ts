import type { Builder } from "../../builder/builder.ts";
import { axesOf, axisOf, constantInts, refuse } from "../../infer/rules.ts";
import { integers } from "../../ir/tensor.ts";
import { sizeOf } from "../../ir/types.ts";
import type { Value } from "../../ir/value.ts";
import { staticShape, type Vjp } from "../vjp.ts";
import { addRows, elementsAt, rowsOfTuples } from "./places.ts";

/** Zeros put before and after along one axis. */
function padAxis(b: Builder, x: Value, axis: number, before: number, after: number): Value {
  const pads = new Array<number>(2 * x.rank).fill(0);
  pads[axis] = before;
  pads[axis + x.rank] = after;
  return b.pad(x, pads);
}

/** Each row of dy is added to the row of x that it was read from; one known row is put in its place. */
export const gather: Vjp<"Gather"> = ({ b, node, x: [x, indices], dy }) => {
  const shape = staticShape(x!.shape);
  const axis = axisOf(node.attrs.axis, shape.length);
  const count = sizeOf(staticShape(indices!.shape));
  const known = constantInts(indices);
  if (known && count === 1) {
    const at = axisOf(known[0]!, shape[axis]!);
    return [padAxis(b, b.reshape(dy, shape.with(axis, 1)), axis, at, shape[axis]! - at - 1)];
  }
  const others = shape.toSpliced(axis, 1);
  const rows = [shape[axis]!, sizeOf(others)] as const;
  // dy [before, indices, after] -> [indices, before * after]
  const lead = sizeOf(shape.slice(0, axis));
  const moved = b.transpose(b.reshape(dy, [lead, count, rows[1] / lead]), [1, 0, 2]);
  const updates = b.reshape(moved, [count, rows[1]]);
  const sums = addRows(b, rows, indices!, updates);
  const front = [axis, ...shape.keys()].toSpliced(axis + 1, 1);
  const back = front.map((_, i) => front.indexOf(i));
  return [b.transpose(b.reshape(sums, [shape[axis]!, ...others]), back)];
};

/** Each part of dy is added to the part of x that it was read from. */
export const gatherND: Vjp<"GatherND"> = ({ b, node, x: [x, indices], dy }) => {
  const { batch_dims: batches = 0 } = node.attrs;
  const shape = staticShape(x!.shape);
  const depth = staticShape(indices!.shape).at(-1)!;
  const rows = rowsOfTuples(b, indices!, shape.slice(batches, batches + depth), shape.slice(0, batches));
  const width = sizeOf(shape.slice(batches + depth));
  const updates = b.reshape(dy, [sizeOf(staticShape(dy.shape)) / width, width]);
  return [b.reshape(addRows(b, [sizeOf(shape) / width, width], rows, updates), shape), undefined];
};

/** The gradient of an update is that of the element that it was written to or added to; what was written over has none. */
export const scatterElements: Vjp<"ScatterElements"> = ({ b, node, x: [x, indices, updates], dy }) => {
  const { reduction = "none" } = node.attrs;
  if (reduction !== "none" && reduction !== "add")
    throw refuse("a gradient of ScatterElements with this reduction", reduction);
  const axis = axisOf(node.attrs.axis, x!.rank);
  const zeros = b.filled(staticShape(updates!.shape), 0);
  const dx = reduction === "add" ? dy : b.op("ScatterElements", [dy, indices, zeros], { axis });
  return [dx, undefined, elementsAt(b, dy, indices!, axis)];
};

/** What was cut away is zero; with steps, zeros lie between as well. */
export const slice: Vjp<"Slice"> = ({ b, x: [x, starts, ends, axes, steps], dy }) => {
  const shape = staticShape(x!.shape);
  const from = constantInts(starts);
  if (!from || !constantInts(ends)) throw refuse("a gradient of Slice needs known places");
  const cut = axesOf(constantInts(axes) ?? from.map((_, i) => i), shape.length);
  const strides = constantInts(steps) ?? from.map(() => 1);
  return [cut.reduce((gradient, axis, i) => unslice(b, gradient, axis, shape[axis]!, from[i]!, strides[i]!), dy)];
};

/** The gradient along one axis of size `size`, from which every `step`th element was read, beginning at `start`. */
function unslice(b: Builder, dy: Value, axis: number, size: number, start: number, step: number): Value {
  const shape = staticShape(dy.shape);
  const count = shape[axis]!;
  const last = step > 0 ? size : size - 1;
  const first = Math.min(Math.max(start < 0 ? start + size : start, 0), last);
  if (step < 0) {
    const lowest = first + step * (count - 1);
    return unslice(b, reversed(b, dy, axis), axis, size, lowest, -step);
  }
  if (step === 1) return padAxis(b, dy, axis, first, size - first - count);
  const cells = padAxis(b, b.reshape(dy, shape.toSpliced(axis + 1, 0, 1)), axis + 1, 0, step - 1);
  const spread = b.reshape(cells, shape.with(axis, count * step));
  const room = size - first;
  if (count * step <= room) return padAxis(b, spread, axis, first, room - count * step);
  const fitted = b.op("Slice", [spread, b.ints([0]), b.ints([room]), b.ints([axis])], {});
  return padAxis(b, fitted, axis, first, 0);
}

function reversed(b: Builder, x: Value, axis: number): Value {
  const size = staticShape(x.shape)[axis]!;
  const order = b.once(`reversed int64 ${size}`, () => integers(Array.from({ length: size }, (_, i) => size - 1 - i)));
  return b.gather(x, order, axis);
}

/** The pieces put together again, zeros for those that nothing reads. */
export const split: Vjp<"Split"> = ({ b, node, dys }) => {
  const pieces = node.outputs.map(({ shape }, i) => dys[i] ?? b.filled(staticShape(shape), 0));
  return [b.concat(pieces, axisOf(node.attrs.axis, node.output.rank))];
};

/** Each dy goes to the element that was chosen. */
export const topK: Vjp<"TopK"> = ({ b, node, x: [x], dy }) => {
  const zeros = b.filled(staticShape(x!.shape), 0);
  const axis = axisOf(node.attrs.axis, x!.rank);
  return [b.op("ScatterElements", [zeros, node.outputs[1], dy], { axis }), undefined];
};

/** Running totals from the other end. */
export const cumSum: Vjp<"CumSum"> = ({ b, node, x: [, axis], dy }) => {
  const { exclusive, reverse = 0 } = node.attrs;
  return [b.op("CumSum", [dy, axis], { exclusive, reverse: 1 - reverse }), undefined];
};
