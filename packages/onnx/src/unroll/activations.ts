import type { Builder } from "../builder/builder.ts";
import { refuse } from "../infer/rules.ts";
import type { Value } from "../ir/value.ts";

export type Activate = (x: Value) => Value;

interface Activation {
  /** Defaults of the numbers it takes, ONNX's own. */
  readonly alpha?: number;
  readonly beta?: number;
  emit(b: Builder, x: Value, alpha: number, beta: number): Value;
}

/** The activations of ONNX's recurrent operators (documentation of RNN, GRU and LSTM). */
const activations: Readonly<Record<string, Activation>> = {
  Affine: { alpha: 1, beta: 0, emit: (b, x, alpha, beta) => b.add(b.mul(x, alpha), beta) },
  Elu: { alpha: 1, emit: (b, x, alpha) => b.op("Elu", [x], { alpha }) },
  HardSigmoid: { alpha: 0.2, beta: 0.5, emit: (b, x, alpha, beta) => b.op("HardSigmoid", [x], { alpha, beta }) },
  LeakyRelu: { alpha: 0.01, emit: (b, x, alpha) => b.op("LeakyRelu", [x], { alpha }) },
  Relu: { emit: (b, x) => b.relu(x) },
  ScaledTanh: { alpha: 1, beta: 1, emit: (b, x, alpha, beta) => b.mul(b.op("Tanh", [b.mul(x, beta)], {}), alpha) },
  Sigmoid: { emit: (b, x) => b.op("Sigmoid", [x], {}) },
  Softplus: { emit: (b, x) => b.op("Softplus", [x], {}) },
  Softsign: { emit: (b, x) => b.div(x, b.add(b.abs(x), 1)) },
  Tanh: { emit: (b, x) => b.op("Tanh", [x], {}) },
  ThresholdedRelu: { alpha: 1, emit: (b, x, alpha) => b.op("ThresholdedRelu", [x], { alpha }) },
};

interface ActivationAttrs {
  readonly activations?: readonly string[] | undefined;
  readonly activation_alpha?: readonly number[] | undefined;
  readonly activation_beta?: readonly number[] | undefined;
}

/**
 * The activations of all directions, one behind the other: the named ones, or `usual` for each direction. Lists of numbers
 * have one for each activation that takes one, in order. Throws `bad-input` for a name that ONNX doesn't have.
 */
export function activationsOf(
  b: Builder,
  attrs: ActivationAttrs,
  usual: readonly string[],
  directions: number,
): Activate[] {
  const named = attrs.activations?.length ? attrs.activations : new Array(directions).fill(usual).flat();
  if (named.length !== directions * usual.length)
    throw refuse("another number of activations", `${named.length}`, `${directions * usual.length}`);
  const [alphas, betas] = [[...(attrs.activation_alpha ?? [])], [...(attrs.activation_beta ?? [])]];
  return named.map((name) => {
    const found = Object.hasOwn(activations, name) ? activations[name]! : undefined;
    if (!found) throw refuse("an activation that ONNX doesn't have", name, Object.keys(activations).join(", "));
    const { alpha, beta, emit } = found;
    const a = alpha === undefined ? 0 : (alphas.shift() ?? alpha);
    const c = beta === undefined ? 0 : (betas.shift() ?? beta);
    return (x) => emit(b, x, a, c);
  });
}
