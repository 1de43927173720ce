import { refuse } from "../infer/rules.ts";
import { numbersOf } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import type { Wire } from "./wire.ts";

/** How an operator is written from some opset on, where that differs from the graph's own form (opset 17's). */
export interface Form {
  readonly since: number;
  /** From the graph's form; `ints` makes a constant. */
  write(node: Wire, ints: (values: readonly number[]) => Value, outputs: number): Wire;
  /** Back to the graph's form. Throws `bad-input` through `refuse` where the graph has none. */
  read(node: Wire): Wire;
}

const constantList = (value: Value, name: string): number[] => {
  if (!value.constant) throw refuse(`${name} must be a constant`);
  return numbersOf(value.constant);
};

/** `axes` moved from the attributes to the inputs with opset 18. */
const axesAsInput: Form = {
  since: 18,
  write({ op, inputs, attrs: { axes, ...attrs } }, ints) {
    return { op, inputs: axes ? [...inputs, ints(axes as readonly number[])] : inputs, attrs };
  },
  read({ op, inputs: [x, axes], attrs: { noop_with_empty_axes: noop, ...attrs } }) {
    const list = axes && constantList(axes, "axes");
    if (noop && !list?.length) throw refuse("a reduction of no axes");
    return { op, inputs: [x], attrs: list?.length ? { ...attrs, axes: list } : attrs };
  },
};

/** Without sizes, the number of equal parts is an attribute since opset 18; before, the outputs were counted. */
const partsCounted: Form = {
  since: 18,
  write: (node, _ints, outputs) =>
    node.inputs[1] ? node : { ...node, attrs: { ...node.attrs, num_outputs: outputs } },
  read: ({ attrs: { num_outputs: _counted, ...attrs }, ...node }) => ({ ...node, attrs }),
};

/** What a file may leave to be understood, the graph says. */
const filled = (fill: (node: Wire) => Wire["attrs"]): Form => ({
  since: 1,
  write: (node) => node,
  read: (node) => ({ ...node, attrs: { ...fill(node), ...node.attrs } }),
});

const kernelShape = filled(({ inputs }) => ({ kernel_shape: (inputs[1]?.shape.slice(2) ?? []).map(Number) }));
const reversedAxes = filled(({ inputs }) => ({
  perm: (inputs[0]?.shape ?? []).map((_, axis, { length }) => length - 1 - axis),
}));

/** Operators whose form changed between opsets 13 and 23, other than by more element types or new attributes. */
export const forms: Readonly<Record<string, readonly Form[]>> = {
  Conv: [kernelShape],
  ConvTranspose: [kernelShape],
  ReduceL1: [axesAsInput],
  ReduceL2: [axesAsInput],
  ReduceLogSum: [axesAsInput],
  ReduceLogSumExp: [axesAsInput],
  ReduceMax: [axesAsInput],
  ReduceMean: [axesAsInput],
  ReduceMin: [axesAsInput],
  ReduceProd: [axesAsInput],
  ReduceSumSquare: [axesAsInput],
  Split: [partsCounted],
  Transpose: [reversedAxes],
};

/** The forms in force at an opset, oldest first. */
export const formsAt = (op: string, opset: number): readonly Form[] =>
  (Object.hasOwn(forms, op) ? forms[op]! : []).filter(({ since }) => since <= opset);
