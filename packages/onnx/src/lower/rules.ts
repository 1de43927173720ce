import type { Builder } from "../builder/builder.ts";
import { axisOf, constantInts } from "../infer/rules.ts";
import type { Node } from "../ir/node.ts";
import { floats } from "../ir/tensor.ts";
import { isStatic, sameShape } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { Attrs, OpName } from "../ops/index.ts";
import { identityOrder, type Order, type Rule, type Translation } from "./translation.ts";

/** The same node, every input in its own order. */
export const copy: Rule<OpName> = (node, t) => {
  const inputs = node.inputs.map((input) => input && t.read(input));
  const { outputs } = t.target.append(node.op, inputs, node.attrs, { name: node.name, outputs: node.outputs.length });
  for (const [i, output] of node.outputs.entries()) t.set(output, outputs[i]!);
};

/** The order in which the operands of an elementwise node meet: that of the first operand with all axes. */
function commonOrder(node: Node, t: Translation): Order {
  const rank = node.output.rank;
  const full = node.inputs.filter((input): input is Value => input?.rank === rank);
  const leader = full.find((input) => !input.constant) ?? full[0];
  return leader ? t.view(leader).order : identityOrder(rank);
}

/** An operand of lower rank gets leading axes of size 1, so that its axes can follow `order`. */
function aligned(input: Value, order: Order, t: Translation): Value {
  if (input.rank === order.length) return t.read(input, order);
  const stored = t.read(input);
  if (order.every((axis, i) => axis === i) || input.rank === 0) return stored;
  const missing = order.length - input.rank;
  const dims = order.map((axis) => (axis < missing ? 1 : input.shape[axis - missing]!));
  const wide = input.shape.filter((dim) => dim !== 1);
  if (wide.length <= 1)
    return t.b.reshape(
      stored,
      dims.map((dim) => (typeof dim === "number" ? dim : -1)),
    );
  const unsqueezed = t.b.op("Unsqueeze", [stored, t.b.ints(identityOrder(missing))], {});
  return t.b.transpose(unsqueezed, order);
}

/** Operands are read in whatever order they are held. */
export const elementwise: Rule<OpName> = (node, t) => {
  const order = commonOrder(node, t);
  const inputs = node.inputs.map((input) => input && aligned(input, order, t));
  const y = beforeReshapes(t.b, inputs, (operands) => t.target.op(node.op, operands, node.attrs, node.name));
  t.set(node.output, y, order);
};

/**
 * An elementwise operator on operands that are all reshaped from one shape works on that shape, and its result is
 * reshaped: from one matrix product to the next no Reshape is left, each of which costs a kernel's start.
 */
export function beforeReshapes<T extends Value | undefined>(
  b: Builder,
  operands: readonly T[],
  emit: (operands: readonly (T | Value)[]) => Value,
): Value {
  const sources = operands.map((operand) => (operand?.producer?.is("Reshape") ? operand.producer.inputs[0]! : operand));
  const reshaped = operands.find((operand, i) => operand !== sources[i]);
  const shape = reshaped && sources[operands.indexOf(reshaped)]!.shape;
  const alike = (operand: T, i: number): boolean =>
    operand?.rank === 0 ||
    (sources[i] !== operand && sameShape(sources[i]!.shape, shape!) && sameShape(operand!.shape, reshaped!.shape));
  if (!reshaped || !isStatic(reshaped.shape) || !operands.every(alike)) return emit(operands);
  return b.reshape(emit(sources), reshaped.shape);
}

/** Dissolves into the view: axis i of the output is axis perm[i] of the input. */
export const transpose: Rule<"Transpose"> = (node, t) => {
  const { stored, order } = t.view(node.inputs[0]!);
  t.set(
    node.output,
    stored,
    order.map((axis) => node.attrs.perm.indexOf(axis)),
  );
};

type WithAxis = "Concat" | "Softmax" | "LogSoftmax";

/** Works along one axis, wherever that axis is held. */
export const alongAxis: Rule<WithAxis> = (node, t) => {
  const order = commonOrder(node, t);
  const axis = order.indexOf(axisOf(node.attrs.axis, order.length));
  const inputs = node.inputs.map((input) => t.read(input!, order));
  t.set(node.output, t.target.op(node.op, inputs, { axis }, node.name), order);
};

/** Vectors that mostly were rows [1, n] before a Reshape are joined as rows: one Reshape is left of hundreds. */
export const concat: Rule<"Concat"> = (node, t) => {
  if (node.output.rank !== 1) return alongAxis(node, t);
  const inputs = node.inputs.map((input) => t.read(input!));
  const rows = inputs.map(({ producer }) => (producer?.is("Reshape") ? rowOf(producer.inputs[0]!) : undefined));
  if (rows.filter(Boolean).length <= inputs.length / 2) return alongAxis(node, t);
  const all = inputs.map((input, i) => rows[i] ?? t.b.reshape(input, [1, ...(input.shape as number[])]));
  t.set(node.output, t.b.reshape(t.b.concat(all, 1), [-1]));
};

const rowOf = (value: Value): Value | undefined => (value.rank === 2 && value.shape[0] === 1 ? value : undefined);

/** The order of what is left when `gone` axes are taken out of a value held in `order`. */
const orderWithout = (order: Order, gone: ReadonlySet<number>): Order => {
  const left = order.filter((axis) => !gone.has(axis));
  const ranks = [...left].sort((a, b) => a - b);
  return left.map((axis) => ranks.indexOf(axis));
};

function reduceIn(
  node: Node<"ReduceMean" | "ReduceMax" | "ReduceSum">,
  axes: readonly number[],
  t: Translation,
  emit: (stored: Value, axes: readonly number[]) => Value,
): void {
  const { stored, order } = t.view(node.inputs[0]!);
  const gone = new Set(axes.map((axis) => axisOf(axis, order.length)));
  const held = [...gone].map((axis) => order.indexOf(axis)).sort((a, b) => a - b);
  t.set(node.output, emit(stored, held), node.attrs.keepdims ? order : orderWithout(order, gone));
}

export const reduce: Rule<"ReduceMean" | "ReduceMax"> = (node, t) => {
  const axes = node.attrs.axes ?? identityOrder(node.inputs[0]!.rank);
  reduceIn(node, axes, t, (stored, held) =>
    t.target.op(node.op, [stored], { axes: held, keepdims: node.attrs.keepdims }, node.name),
  );
};

export const reduceSum: Rule<"ReduceSum"> = (node, t) => {
  const axes = node.inputs[1] ? constantInts(node.inputs[1]) : identityOrder(node.inputs[0]!.rank);
  if (!axes) return copy(node as Node, t);
  reduceIn(node, axes, t, (stored, held) => t.target.op("ReduceSum", [stored, t.b.ints(held)], node.attrs, node.name));
};

/** The sizes of the value as it is held, put back into its own order. */
export const shape: Rule<"Shape"> = (node, t) => {
  const { stored, order } = t.view(node.inputs[0]!);
  const sizes = t.target.op("Shape", [stored], {}, node.name);
  const inOrder = order.every((axis, i) => axis === i);
  t.set(node.output, inOrder ? sizes : t.b.gather(sizes, t.b.ints(order.map((_, axis) => order.indexOf(axis))), 0));
};

/** A slice with known axes cuts the same axes wherever they are held. */
export const slice: Rule<"Slice"> = (node, t) => {
  const [x, starts, ends, axes, steps] = node.inputs;
  const { stored, order } = t.view(x!);
  const cut = constantInts(axes ?? t.b.ints(identityOrder(starts!.shape[0] as number)));
  if (!cut) return copy(node as Node, t);
  const held = t.b.ints(cut.map((axis) => order.indexOf(axisOf(axis, order.length))));
  const rest = steps ? [held, t.read(steps)] : [held];
  t.set(node.output, t.target.op("Slice", [stored, t.read(starts!), t.read(ends!), ...rest], {}, node.name), order);
};

/** Nearest neighbours are found along each axis by itself, wherever it is held; the other modes know pictures [N,C,H,W] alone. */
export const resize: Rule<"Resize"> = (node, t) => {
  const [x, , scales] = node.inputs;
  const { stored, order } = t.view(x!);
  if (node.attrs.mode !== "nearest" || scales?.constant?.dtype !== "float32") return copy(node as Node, t);
  const { data } = scales.constant;
  const held = floats(
    [order.length],
    order.map((axis) => data[axis]!),
  );
  const inputs = [stored, undefined, t.b.once(`scales ${held.data}`, () => held)];
  t.set(node.output, t.b.op("Resize", inputs, node.attrs, node.name), order);
};

export const pad: Rule<"Pad"> = (node, t) => {
  const pads = constantInts(node.inputs[1]);
  if (!pads) return copy(node as Node, t);
  const { stored, order } = t.view(node.inputs[0]!);
  const held = [...order.map((axis) => pads[axis]!), ...order.map((axis) => pads[axis + order.length]!)];
  const inputs = [stored, t.b.ints(held), ...(node.inputs[2] ? [t.read(node.inputs[2])] : [])];
  t.set(node.output, t.target.op("Pad", inputs, {} as Attrs<"Pad">, node.name), order);
};
