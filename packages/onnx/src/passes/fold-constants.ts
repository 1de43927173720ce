import { integers } from "../ir/tensor.ts";
import { isStatic, sizeOf } from "../ir/types.ts";
import type { OpName } from "../ops/index.ts";
import { evaluators } from "./evaluate/evaluators.ts";
import { localPass, type Rewrite, type Rewrites, skip } from "./local.ts";

/** Larger results are left to the runtime: a file must not grow because a constant was stretched. */
const MAX_ELEMENTS = 1 << 20;

/** A node over constants -> the constant that it gives. */
export const evaluate: Rewrite<OpName> = (node, { b }) => {
  const inputs = node.inputs.flatMap((input) => input?.constant ?? []);
  if (inputs.length < node.inputs.length) return skip("an input is no constant");
  const dims = node.output.shape;
  if (!isStatic(dims)) return skip("its shape is unknown");
  if (sizeOf(dims) > MAX_ELEMENTS) return skip(`more than ${MAX_ELEMENTS} elements`);
  const result = evaluators[node.op]?.(node, inputs, { dtype: node.output.type.dtype, dims });
  return result ? b.constant(result, node.name ?? node.inputs[0]?.name) : skip("no rule for its element type");
};

/** Shape of a value whose sizes are known -> those sizes. */
export const knownShape: Rewrite<"Shape"> = (node, { b }) => {
  const { shape } = node.inputs[0]!;
  return isStatic(shape) && node.output.shape[0] === shape.length
    ? b.constant(integers(shape), node.name)
    : skip("its sizes are not all known");
};

export const foldConstants = localPass("foldConstants", {
  ...(Object.fromEntries(Object.keys(evaluators).map((op) => [op, evaluate])) as Rewrites),
  Shape: knownShape,
});
