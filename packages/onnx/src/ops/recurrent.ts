import { operand, refuse, sameDtype } from "../infer/rules.ts";
import { compatible, type Dim, type Shape } from "../ir/types.ts";
import { type Operands, op } from "./op.ts";

/*
 * x [time, batch, input], w [directions, gates * hidden, input], r [directions, gates * hidden, hidden],
 * b? [directions, 2 * gates * hidden], sequence_lens? [batch] int32, initial_h? [directions, batch, hidden]
 * -> y [time, directions, batch, hidden], y_h [directions, batch, hidden]
 */

const shared = {
  activations: "strings?",
  activation_alpha: "floats?",
  activation_beta: "floats?",
  /** `forward`, `reverse` or `bidirectional` */
  direction: "string?",
  hidden_size: "int",
} as const;

function expectShape(inputs: Operands, index: number, name: string, wanted: Shape): void {
  const given = inputs[index];
  if (given && !compatible(given.shape, wanted))
    throw refuse(`${name} has another shape`, `[${given.shape}]`, `[${wanted}]`);
}

/** Checks the inputs that all three have, and gives the types of y and of a final state. */
function recurrent(inputs: Operands, attrs: { hidden_size: number; direction?: string | undefined }, gates: number) {
  const x = operand(inputs, 0);
  if (x.rank !== 3) throw refuse("input needs the axes time, batch and features", `rank ${x.rank}`);
  const [time, batch, features] = x.shape as readonly [Dim, Dim, Dim];
  const { hidden_size: hidden } = attrs;
  const directions = attrs.direction === "bidirectional" ? 2 : 1;
  expectShape(inputs, 1, "w", [directions, gates * hidden, features]);
  expectShape(inputs, 2, "r", [directions, gates * hidden, hidden]);
  expectShape(inputs, 3, "b", [directions, 2 * gates * hidden]);
  expectShape(inputs, 4, "sequence_lens", [batch]);
  expectShape(inputs, 5, "initial_h", [directions, batch, hidden]);
  const dtype = sameDtype(inputs.toSpliced(4, 1)); // the lengths are int32
  return {
    y: { dtype, shape: [time, directions, batch, hidden] },
    state: { dtype, shape: [directions, batch, hidden] },
  };
}

/** h = f(x W' + h R' + b) */
export const RNN = op({
  attrs: shared,
  arity: [3, 6],
  infer(inputs, attrs) {
    const { y, state } = recurrent(inputs, attrs, 1);
    return [y, state];
  },
});

/** Gates z, r, h. With `linear_before_reset` 1 the reset gate is applied behind the recurrent product. */
export const GRU = op({
  attrs: { ...shared, linear_before_reset: "int?" },
  arity: [3, 6],
  infer(inputs, attrs) {
    const { y, state } = recurrent(inputs, attrs, 3);
    return [y, state];
  },
});

/** Gates i, o, f, c; a further input initial_c, a further output y_c. Peephole weights are not taken. */
export const LSTM = op({
  attrs: shared,
  arity: [3, 7],
  infer(inputs, attrs) {
    const { y, state } = recurrent(inputs, attrs, 4);
    expectShape(inputs, 6, "initial_c", state.shape);
    return [y, state, state];
  },
});
