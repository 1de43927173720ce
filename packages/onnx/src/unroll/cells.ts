import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";
import type { Activate } from "./activations.ts";

/** One direction's weights: r [gates * hidden, hidden], its bias [gates * hidden] where it stays apart from the input's. */
export interface CellWeights {
  readonly r: Value;
  readonly bias: Value | undefined;
  readonly hidden: number;
  readonly activate: readonly Activate[];
}

/** What one step does: the input's part of all gates [batch, gates * hidden], and the states, to the next states; h first. */
export type Step = (gates: Value, states: readonly Value[]) => readonly Value[];

interface Cell {
  readonly gates: number;
  readonly states: number;
  /** ONNX's default activations. */
  readonly activations: readonly string[];
  /** Whether the recurrent bias goes into the recurrent product; else it is added to the input's. */
  readonly biasApart?: boolean;
  step(b: Builder, weights: CellWeights): Step;
}

export type CellName = "GRU" | "GRU reset behind" | "LSTM" | "RNN";

const parts = (b: Builder, x: Value, count: number, hidden: number, axis: number): readonly Value[] =>
  b.ops("Split", [x, b.ints(new Array(count).fill(hidden))], { axis }, count);

/** x + h R' */
const withState = (b: Builder, gates: Value, h: Value, r: Value): Value => b.gemm(h, r, { transB: 1 }, gates);

/** (1 - z) · candidate + z · h */
const blended = (b: Builder, z: Value, candidate: Value, h: Value): Value =>
  b.add(candidate, b.mul(z, b.sub(h, candidate)));

/** The equations in ONNX's documentation of RNN, GRU and LSTM; gates in its order. */
export const cells: { readonly [K in CellName]: Cell } = {
  RNN: {
    gates: 1,
    states: 1,
    activations: ["Tanh"],
    step:
      (b, { r, activate: [f] }) =>
      (gates, [h]) => [f!(withState(b, gates, h!, r))],
  },
  GRU: {
    gates: 3,
    states: 1,
    activations: ["Sigmoid", "Tanh"],
    step(b, { r, hidden, activate: [f, g] }) {
      const [rBoth, rCandidate] = b.ops("Split", [r, b.ints([2 * hidden, hidden])], { axis: 0 }, 2);
      return (gates, [h]) => {
        const [both, candidate] = b.ops("Split", [gates, b.ints([2 * hidden, hidden])], { axis: 1 }, 2);
        const [z, reset] = parts(b, f!(withState(b, both!, h!, rBoth!)), 2, hidden, 1);
        return [blended(b, z!, g!(withState(b, candidate!, b.mul(reset!, h!), rCandidate!)), h!)];
      };
    },
  },
  "GRU reset behind": {
    gates: 3,
    states: 1,
    activations: ["Sigmoid", "Tanh"],
    biasApart: true,
    step:
      (b, { r, bias, hidden, activate: [f, g] }) =>
      (gates, [h]) => {
        const [xz, xr, xh] = parts(b, gates, 3, hidden, 1);
        const [hz, hr, hh] = parts(b, b.gemm(h!, r, { transB: 1 }, bias), 3, hidden, 1);
        const [z, reset] = [f!(b.add(xz!, hz!)), f!(b.add(xr!, hr!))];
        return [blended(b, z, g!(b.add(xh!, b.mul(reset, hh!))), h!)];
      },
  },
  LSTM: {
    gates: 4,
    states: 2,
    activations: ["Sigmoid", "Tanh", "Tanh"],
    step:
      (b, { r, hidden, activate: [f, g, last] }) =>
      (gates, [h, c]) => {
        const [input, output, forget, candidate] = parts(b, withState(b, gates, h!, r), 4, hidden, 1);
        const next = b.add(b.mul(f!(forget!), c!), b.mul(f!(input!), g!(candidate!)));
        return [b.mul(f!(output!), last!(next)), next];
      },
  },
};
