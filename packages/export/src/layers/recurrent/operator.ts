import type { Attrs, Builder, Value } from "@resonnx/onnx";
import type { ActivationName } from "../parts/activation.ts";

type RecurrentOp = "RNN" | "GRU" | "LSTM";

/** One direction of ONNX's RNN, GRU or LSTM; weights without the axis of directions. */
export interface Direction {
  readonly op: RecurrentOp;
  readonly hidden: number;
  /** [gates * hidden, features] */
  readonly w: Value;
  /** [gates * hidden, hidden] */
  readonly r: Value;
  /** [2 * gates * hidden]; undefined without biases. */
  readonly bias: Value | undefined;
  readonly activations: readonly OnnxActivation[];
  readonly linearBeforeReset?: boolean;
}

export interface OnnxActivation {
  readonly name: string;
  readonly alpha?: number;
  readonly beta?: number;
}

/** The activations that ONNX's recurrent operators know by themselves. */
const known: ReadonlyMap<string, OnnxActivation> = new Map(
  Object.entries({
    elu: { name: "Elu", alpha: 1 },
    hard_sigmoid: { name: "HardSigmoid", alpha: 0.2, beta: 0.5 },
    keras3_hard_sigmoid: { name: "HardSigmoid", alpha: 1 / 6, beta: 0.5 },
    linear: { name: "Affine", alpha: 1, beta: 0 },
    relu: { name: "Relu" },
    sigmoid: { name: "Sigmoid" },
    softplus: { name: "Softplus" },
    softsign: { name: "Softsign" },
    tanh: { name: "Tanh" },
  }),
);

/** ONNX's names for all of them; undefined when it lacks one. */
export function onnxActivations(...names: readonly ActivationName[]): readonly OnnxActivation[] | undefined {
  const found = names.flatMap((name) => known.get(name) ?? []);
  return found.length === names.length ? found : undefined;
}

export interface OperatorInputs {
  /** [time, batch, features] */
  readonly x: Value;
  /** int32 [batch]: how many steps of each sequence count; all, when undefined. */
  readonly lengths: Value | undefined;
  /** One list a direction, each state [batch, hidden]; undefined begins with zeros. */
  readonly initial: readonly (readonly Value[])[] | undefined;
}

export interface OperatorOutputs {
  /** [time, directions, batch, hidden], aligned with the input */
  readonly y: Value;
  /** One a state, each [directions, batch, hidden]. */
  readonly states: readonly Value[];
}

/** One node: forward, backward, or both at once (`directions` has two then). */
export function emitOperator(
  b: Builder,
  directions: readonly Direction[],
  direction: "forward" | "reverse" | "bidirectional",
  { x, lengths, initial }: OperatorInputs,
  name: string,
): OperatorOutputs {
  const first = directions[0]!;
  const stacked = (values: readonly Value[]): Value =>
    b.concat(
      values.map((value) => unsqueezed(b, value)),
      0,
    );
  const bias = directions.flatMap(({ bias }) => bias ?? []);
  const states = initial ? initial[0]!.map((_, i) => stacked(initial.map((given) => given[i]!))) : [];
  const inputs = [
    x,
    stacked(directions.map(({ w }) => w)),
    stacked(directions.map(({ r }) => r)),
    bias.length > 0 ? stacked(bias) : undefined,
    lengths,
    ...states,
  ];
  while (inputs.at(-1) === undefined) inputs.pop();
  const activations = directions.flatMap((each) => each.activations);
  const attrs = {
    hidden_size: first.hidden,
    direction,
    activations: activations.map(({ name }) => name),
    ...numbers(
      "activation_alpha",
      activations.flatMap(({ alpha }) => alpha ?? []),
    ),
    ...numbers(
      "activation_beta",
      activations.flatMap(({ beta }) => beta ?? []),
    ),
    ...(first.linearBeforeReset && { linear_before_reset: 1 }),
  } as Attrs<RecurrentOp>;
  const [y, ...last] = b.ops(first.op, inputs, attrs, first.op === "LSTM" ? 3 : 2, name);
  return { y: y!, states: last };
}

const numbers = (name: string, values: readonly number[]) => (values.length > 0 ? { [name]: values } : {});

/** With a first axis of size 1: at once for constants. */
const unsqueezed = (b: Builder, value: Value): Value =>
  value.constant ? b.reshape(value, [1, ...value.constant.dims]) : b.op("Unsqueeze", [value, b.ints([0])], {});

/** Whether the two can be one bidirectional node. */
export const fusible = (a: Direction, b: Direction): boolean =>
  a.op === b.op &&
  a.hidden === b.hidden &&
  a.linearBeforeReset === b.linearBeforeReset &&
  (a.bias === undefined) === (b.bias === undefined);
