import { axesOf } from "../infer/rules.ts";
import type { Value } from "../ir/value.ts";
import { localPass, type Rewrite, skip } from "./local.ts";
import { constantFloats, numberOf, operandsWith, producedBy } from "./parts/constants.ts";

interface Normalized {
  readonly x: Value;
  readonly axes: readonly number[];
  readonly epsilon: number;
}

/** (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) */
function normalizedBy(value: Value | undefined): Normalized | undefined {
  const quotient = producedBy(value, "Div");
  const [centred, root] = quotient?.inputs ?? [];
  const [x, mean] = producedBy(centred, "Sub")?.inputs ?? [];
  const average = producedBy(mean, "ReduceMean");
  if (!x || !average?.attrs.keepdims || average.inputs[0] !== x) return undefined;
  const sum = producedBy(producedBy(root, "Sqrt")?.inputs[0], "Add");
  const [epsilon, variance] = operandsWith(sum, (operand) => numberOf(operand) !== undefined) ?? [];
  const spread = producedBy(variance, "ReduceMean");
  if (!spread?.attrs.keepdims || !isSquareOf(spread.inputs[0], centred!)) return undefined;
  const axes = axesOf(average.attrs.axes ?? [...x.shape.keys()], x.rank);
  const same = axesOf(spread.attrs.axes ?? [...x.shape.keys()], x.rank);
  if (axes.length !== same.length || axes.some((axis) => !same.includes(axis))) return undefined;
  return { x, axes: axes.sort((a, b) => a - b), epsilon: numberOf(epsilon)! };
}

function isSquareOf(value: Value | undefined, of: Value): boolean {
  const product = producedBy(value, "Mul");
  if (product) return product.inputs[0] === of && product.inputs[1] === of;
  const power = producedBy(value, "Pow");
  return power !== undefined && power.inputs[0] === of && numberOf(power.inputs[1]) === 2;
}

/** Add(Mul((x - mean) / sqrt(variance + epsilon), scale), bias) over the last axes -> LayerNormalization(x, scale, bias). */
export const addToLayerNorm: Rewrite<"Add"> = (node, { b }) => {
  const [product, bias] = operandsWith(node, (value) => producedBy(value, "Mul") !== undefined) ?? [];
  const [fraction, scale] =
    operandsWith(producedBy(product, "Mul"), (value) => normalizedBy(value) !== undefined) ?? [];
  const normalized = normalizedBy(fraction);
  if (!normalized) return skip("it is no scaled normalization");
  const { x, axes, epsilon } = normalized;
  if (axes.some((axis, i) => axis !== x.rank - axes.length + i)) return skip("it normalizes other axes than the last");
  const shape = x.shape.slice(x.rank - axes.length);
  for (const parameter of [scale, bias])
    if (!constantFloats(parameter) || `${parameter!.shape}` !== `${shape}`)
      return skip("scale or bias is no constant of the normalized shape");
  return b.op("LayerNormalization", [x, scale, bias], { axis: x.rank - axes.length, epsilon }, node.name);
};

export const nativeLayerNorm = localPass("nativeLayerNorm", { Add: addToLayerNorm });
