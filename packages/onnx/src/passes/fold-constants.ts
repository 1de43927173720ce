import type { Node } from "../ir/node.ts";
import { floats, stridesOf, type Tensor, type TensorOf } from "../ir/tensor.ts";
import { reshapeTensor, transposeTensor } from "../ir/transpose.ts";
import { isStatic, sizeOf } from "../ir/types.ts";
import type { OpName } from "../ops/index.ts";
import { localPass, type Rewrite, type Rewrites, skip } from "./local.ts";

/** Larger results are left to the runtime: a file must not grow because a constant was stretched. */
const MAX_ELEMENTS = 1 << 20;

/** The node's output from its constant inputs, of static shape `dims`; undefined where the element type has no rule. */
type Evaluate = (node: Node, inputs: readonly Tensor[], dims: readonly number[]) => Tensor | undefined;

const reshaped: Evaluate = (_node, [x], dims) => reshapeTensor(x!, dims) as Tensor;

const unary =
  (f: (x: number) => number): Evaluate =>
  (_node, [x], dims) =>
    x!.dtype === "float32" ? floats(dims, x!.data.map(f)) : undefined;

const binary =
  (f: (x: number, y: number) => number): Evaluate =>
  (_node, [x, y], dims) =>
    x!.dtype === "float32" && y!.dtype === "float32" ? floats(dims, zip(x!, y!, dims, f)) : undefined;

/** Elementwise with NumPy's broadcasting. */
function zip(
  x: TensorOf<"float32">,
  y: TensorOf<"float32">,
  dims: readonly number[],
  f: (x: number, y: number) => number,
): Float32Array {
  const strides = stridesOf(dims);
  const steps = [x, y].map((operand) => broadcastStrides(operand.dims, dims.length));
  return new Float32Array(sizeOf(dims)).map((_, i) => {
    let [xi, yi] = [0, 0];
    for (let axis = 0; axis < dims.length; axis++) {
      const at = Math.floor(i / strides[axis]!) % dims[axis]!;
      xi += at * steps[0]![axis]!;
      yi += at * steps[1]![axis]!;
    }
    return f(x.data[xi]!, y.data[yi]!);
  });
}

/** Strides aligned at the end of `rank` axes; an axis that is stretched stands still. */
function broadcastStrides(dims: readonly number[], rank: number): number[] {
  const strides = stridesOf(dims).map((stride, axis) => (dims[axis] === 1 ? 0 : stride));
  return [...new Array<number>(rank - dims.length).fill(0), ...strides];
}

/** What is computed here; the other operators are left to the runtime's own folding. */
const evaluators: { readonly [K in OpName]?: Evaluate } = {
  Abs: unary(Math.abs),
  Add: binary((x, y) => x + y),
  Div: binary((x, y) => x / y),
  Exp: unary(Math.exp),
  Flatten: reshaped,
  Identity: reshaped,
  Log: unary(Math.log),
  Mul: binary((x, y) => x * y),
  Neg: unary((x) => -x),
  Pow: binary((x, y) => x ** y),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(x, 0)),
  Reshape: reshaped,
  Sqrt: unary(Math.sqrt),
  Squeeze: reshaped,
  Sub: binary((x, y) => x - y),
  Transpose: (node, [x]) => (node.is("Transpose") ? transposeTensor(x!, node.attrs.perm) : undefined),
  Unsqueeze: reshaped,
};

/** A node over constants -> the constant that it gives. */
export const evaluate: Rewrite<OpName> = (node, { b }) => {
  const inputs = node.inputs.flatMap((input) => input?.constant ?? []);
  if (inputs.length < node.inputs.length) return skip("an input is no constant");
  const dims = node.output.shape;
  if (!isStatic(dims)) return skip("its shape is unknown");
  if (sizeOf(dims) > MAX_ELEMENTS) return skip(`more than ${MAX_ELEMENTS} elements`);
  const result = evaluators[node.op]?.(node, inputs, dims);
  return result ? b.constant(result, node.name ?? node.inputs[0]?.name) : skip("no rule for its element type");
};

export const foldConstants = localPass(
  "foldConstants",
  Object.fromEntries(Object.keys(evaluators).map((op) => [op, evaluate])) as Rewrites,
);
