import { axisOf } from "../../infer/rules.ts";
import { concatTensors, gatherTensor } from "../../ir/rearrange.ts";
import { numbersOf, type Tensor } from "../../ir/tensor.ts";
import { reshapeTensor, transposeTensor } from "../../ir/transpose.ts";
import type { OpName } from "../../ops/index.ts";
import { broadcast, numbersIn, tensorOf, unary } from "./elementwise.ts";
import type { Evaluate } from "./evaluate.ts";

const reshaped: Evaluate = (_node, [x], { dims }) => x && (reshapeTensor(x, dims) as Tensor);

const concat: Evaluate = (node, inputs) =>
  node.is("Concat") && inputs.every(({ dtype }) => dtype !== "string")
    ? concatTensors(inputs, axisOf(node.attrs.axis, inputs[0]!.dims.length))
    : undefined;

const gather: Evaluate = (node, [x, indices], { dims }) => {
  if (!node.is("Gather") || !x || !indices || x.dtype === "string") return undefined;
  const axis = axisOf(node.attrs.axis, x.dims.length);
  const wanted = numbersOf(indices);
  if (wanted.some((index) => index < -x.dims[axis]! || index >= x.dims[axis]!)) return undefined; // the runtime's to refuse
  return reshapeTensor(gatherTensor(x, wanted, axis), dims) as Tensor;
};

/** Slice along one axis, which is how shapes are taken apart. */
const slice: Evaluate = (_node, [x, starts, ends, axes, steps], { dims }) => {
  if (!x || x.dtype === "string" || !starts || !ends || starts.data.length !== 1) return undefined;
  const [start, end] = [numbersOf(starts)[0]!, numbersOf(ends)[0]!];
  const axis = axisOf(axes ? numbersOf(axes)[0]! : 0, x.dims.length);
  const step = steps ? numbersOf(steps)[0]! : 1;
  if (step !== 1) return undefined;
  const size = x.dims[axis]!;
  const from = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
  const to = Math.min(Math.max(end < 0 ? end + size : end, 0), size);
  const kept = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return kept.length === dims[axis] ? gatherTensor(x, kept, axis) : undefined;
};

/** Between numbers that both types hold; fractions are cut off, as the standard says. */
const cast: Evaluate = (_node, [x], { dtype, dims }) => {
  const numbers = x && numbersIn(x);
  if (!numbers) return undefined;
  const whole = dtype === "int32" || dtype === "int64" ? numbers.map(Math.trunc) : numbers;
  if (dtype === "int32" && whole.some((value) => value !== (value | 0))) return undefined;
  return tensorOf(dtype, dims, whole);
};

/** What is computed here; the other operators are left to the runtime's own folding. */
export const evaluators: { readonly [K in OpName]?: Evaluate } = {
  Abs: unary(Math.abs, { integers: true }),
  Add: broadcast((x, y) => x + y),
  And: broadcast((x, y) => x && y),
  Cast: cast,
  Concat: concat,
  Div: (node, inputs, type) =>
    inputs[0]?.dtype === "float32" ? broadcast((x, y) => x / y)(node, inputs, type) : undefined, // integers: by zero, and towards it
  Equal: broadcast((x, y) => Number(x === y)),
  Exp: unary(Math.exp),
  Expand: (node, [x], type) => (x ? broadcast((value) => value)(node, [x], type) : undefined),
  Flatten: reshaped,
  Gather: gather,
  Greater: broadcast((x, y) => Number(x > y)),
  Identity: reshaped,
  Log: unary(Math.log),
  Max: broadcast(Math.max),
  Min: broadcast(Math.min),
  Mul: broadcast((x, y) => x * y),
  Neg: unary((x) => 0 - x, { integers: true }),
  Not: unary((x) => 1 - x, { integers: true }),
  Pow: (node, inputs, type) =>
    inputs.every(({ dtype }) => dtype === "float32") ? broadcast((x, y) => x ** y)(node, inputs, type) : undefined,
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(x, 0)),
  Reshape: reshaped,
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Slice: slice,
  Sqrt: unary(Math.sqrt),
  Squeeze: reshaped,
  Sub: broadcast((x, y) => x - y),
  Tanh: unary(Math.tanh),
  Transpose: (node, [x]) => (node.is("Transpose") && x ? (transposeTensor(x, node.attrs.perm) as Tensor) : undefined),
  Unsqueeze: reshaped,
  Where: broadcast((condition, x, y) => (condition ? x! : y!)),
};
