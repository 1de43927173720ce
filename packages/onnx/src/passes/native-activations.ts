import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { localPass, type Rewrite, skip } from "./local.ts";
import { isNumber, numberOf, operandsWith, producedBy } from "./parts/constants.ts";

const isConstantNumber = (value: Value): boolean => numberOf(value) !== undefined;

/** Mul(x, number): the two, or undefined. */
function scaledBy(value: Value | undefined): { readonly x: Value; readonly by: number } | undefined {
  const [number, x] = operandsWith(producedBy(value, "Mul"), isConstantNumber) ?? [];
  return x && { x, by: numberOf(number)! };
}

/** Max(x, alpha * x) -> LeakyRelu for alpha below 1; Max(x, 0) -> Relu; Max(low, Min(high, x)) -> HardSigmoid or Clip. */
export const maxToActivation: Rewrite<"Max"> = (node, { b }) => {
  const [first, second] = node.inputs;
  if (node.inputs.length !== 2 || !first || !second) return skip("it has not two operands");
  for (const [x, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (x.constant) continue;
    const scaled = scaledBy(other);
    if (scaled?.x === x && scaled.by >= 0 && scaled.by < 1)
      return b.op("LeakyRelu", [x], { alpha: scaled.by }, node.name);
    const low = numberOf(other);
    if (low === undefined || other.rank > x.rank) continue;
    const clipped = clippedAbove(x);
    if (clipped) return clipOf(node, low, clipped, b);
    if (low === 0) return b.op("Relu", [x], {}, node.name);
  }
  return skip("its operands are no activation's");
};

/** Min(high, x): x and the number. */
function clippedAbove(value: Value): { readonly x: Value; readonly high: number } | undefined {
  const [number, x] = operandsWith(producedBy(value, "Min"), isConstantNumber) ?? [];
  if (!x || !number || number.rank > x.rank || producedBy(value, "Min")!.inputs.length !== 2) return undefined;
  return { x, high: numberOf(number)! };
}

type Clipped = NonNullable<ReturnType<typeof clippedAbove>>;

function clipOf(node: Node, low: number, { x, high }: Clipped, b: Parameters<Rewrite<"Max">>[1]["b"]): Value {
  const line = low === 0 && high === 1 ? lineOf(x) : undefined;
  if (line) return b.op("HardSigmoid", [line.x], { alpha: line.alpha, beta: line.beta }, node.name);
  return b.op("Clip", [x, b.scalar(low), b.scalar(high)], {}, node.name);
}

/** alpha * x + beta */
function lineOf(value: Value): { readonly x: Value; readonly alpha: number; readonly beta: number } | undefined {
  const [number, product] = operandsWith(producedBy(value, "Add"), isConstantNumber) ?? [];
  const scaled = scaledBy(product);
  return scaled && { x: scaled.x, alpha: scaled.by, beta: numberOf(number)! };
}

/** Clip(alpha * x + beta, 0, 1) -> HardSigmoid(x). */
export const clipToHardSigmoid: Rewrite<"Clip"> = (node, { b }) => {
  const [x, low, high] = node.inputs;
  if (!isNumber(low, 0) || !isNumber(high, 1)) return skip("it does not clip to 0 and 1");
  const line = x && lineOf(x);
  return line
    ? b.op("HardSigmoid", [line.x], { alpha: line.alpha, beta: line.beta }, node.name)
    : skip("its input is no line");
};

/** Log(1 + Exp(x)) -> Softplus(x). */
export const logToSoftplus: Rewrite<"Log"> = (node, { b }) => {
  const [, exp] = operandsWith(producedBy(node.inputs[0], "Add"), (value) => isNumber(value, 1)) ?? [];
  const inner = producedBy(exp, "Exp");
  return inner ? b.op("Softplus", [inner.inputs[0]], {}, node.name) : skip("its input is no 1 + Exp");
};

/** x * HardSigmoid(x, 1/6, 1/2) -> HardSwish(x); 0.5 * x * (1 + Erf(x / sqrt(2))) -> Gelu(x), in any order of factors. */
export const mulToActivation: Rewrite<"Mul"> = (node, { b }) => {
  const [gate, x] = operandsWith(node, (value) => producedBy(value, "HardSigmoid") !== undefined) ?? [];
  const hard = producedBy(gate, "HardSigmoid");
  if (
    hard &&
    hard.inputs[0] === x &&
    Math.abs(hard.attrs.alpha - 1 / 6) < 1e-6 &&
    Math.abs(hard.attrs.beta - 0.5) < 1e-6
  )
    return b.op("HardSwish", [x], {}, node.name);
  const factors = factorsOf(node);
  const half = factors.find((factor) => isNumber(factor, 0.5));
  const error = factors.map(erfInputOf).find((input) => input !== undefined);
  if (factors.length !== 3 || !half || !error) return skip("its operands are no activation's");
  return factors.includes(error)
    ? b.op("Gelu", [error], { approximate: "none" }, node.name)
    : skip("Erf reads another value");
};

/** The factors of a product of up to three: those of an inner Mul too. */
function factorsOf(node: Node): readonly Value[] {
  const [a, b] = node.inputs as readonly [Value, Value];
  const inner = [a, b].find((value) => producedBy(value, "Mul"));
  const parts = producedBy(inner, "Mul")?.inputs as readonly Value[] | undefined;
  return parts ? [...parts, inner === a ? b : a] : [a, b];
}

/** For 1 + Erf(x / sqrt(2)): x. */
function erfInputOf(value: Value): Value | undefined {
  const [, erf] = operandsWith(producedBy(value, "Add"), (operand) => isNumber(operand, 1)) ?? [];
  const scaled = producedBy(erf, "Erf")?.inputs[0];
  const quotient = producedBy(scaled, "Div");
  if (quotient && isNumber(quotient.inputs[1], Math.SQRT2)) return quotient.inputs[0];
  const product = scaledBy(scaled);
  return product && Math.abs(product.by - Math.SQRT1_2) < 1e-6 ? product.x : undefined;
}

/** Formulas of activations -> the operators that are those activations. */
export const nativeActivations = localPass("nativeActivations", {
  Clip: clipToHardSigmoid,
  Log: logToSoftplus,
  Max: maxToActivation,
  Mul: mulToActivation,
});
