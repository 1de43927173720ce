import { ResonnxError } from "@resonnx/base";
import { staticShape } from "../autodiff/vjp.ts";
import { Builder } from "../builder/builder.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { activationsOf } from "./activations.ts";
import { type CellName, type CellWeights, cells, type Step } from "./cells.ts";

type Recurrent = "GRU" | "LSTM" | "RNN";

/** Each step is a dozen nodes; sequences longer than this are trained in pieces. */
const MOST_STEPS = 4096;

export const isRecurrent = (node: Node<OpName>): node is Node<Recurrent> =>
  node.is("GRU") || node.is("LSTM") || node.is("RNN");

interface Sequence {
  /** [batch, gates * hidden] a step. */
  readonly gates: readonly Value[];
  /** bool [batch, 1] a step: whether the sequence has not ended; undefined where all are whole. */
  readonly goesOn: readonly Value[] | undefined;
  readonly states: readonly Value[];
  readonly backwards: boolean;
}

/**
 * What a recurrent node gives, its steps written out: operators that have gradients. Outputs as the node's own, all of
 * them. Throws `bad-input` for unknown sizes and activations, `unsupported` for sequences of more than 4096 steps.
 */
export function unrolled(
  graph: Graph,
  node: Node<Recurrent>,
  inputs: readonly (Value | undefined)[],
): readonly Value[] {
  const b = new Builder(graph);
  const [x, w, r, bias, lengths, ...initial] = inputs;
  const [time, batch, features] = staticShape(x!.shape) as readonly [number, number, number];
  if (time > MOST_STEPS)
    throw new ResonnxError("unsupported", {
      where: node.name ?? node.op,
      what: "too many steps to write out",
      got: `${time}`,
      wanted: `at most ${MOST_STEPS}`,
    });
  const { hidden_size: hidden, direction = "forward" } = node.attrs;
  const count = direction === "bidirectional" ? 2 : 1;
  const cell = cells[cellOf(node)];
  const activate = activationsOf(b, node.attrs, cell.activations, count);
  const each = (value: Value | undefined): readonly (Value | undefined)[] => alongFirst(b, value, count);
  const [ws, rs, biases] = [each(w), each(r), each(bias)];
  const begins = Array.from({ length: cell.states }, (_, i) => each(initial[i]));
  const goesOn = lengths && stepsThatCount(b, lengths, time);
  const rows = b.reshape(x!, [time * batch, features]);
  const done = ws.map((own, d) => {
    const [inputBias, recurrentBias] = splitBias(b, biases[d], cell.gates * hidden, cell.biasApart ?? false);
    const weights: CellWeights = {
      r: rs[d]!,
      bias: recurrentBias,
      hidden,
      activate: activate.slice(d * cell.activations.length, (d + 1) * cell.activations.length),
    };
    const gates = b.gemm(rows, own!, { transB: 1 }, inputBias);
    return run(b, cell.step(b, weights), {
      gates: alongRows(b, gates, time, batch),
      goesOn,
      states: begins.map((states) => states[d] ?? b.filled([batch, hidden], 0)),
      backwards: direction === "reverse" || d === 1,
    });
  });
  const ys = done.map(({ ys }) => b.reshape(b.concat(ys, 0), [time, 1, batch, hidden]));
  const last = Array.from({ length: cell.states }, (_, i) =>
    joined(
      b,
      done.map(({ states }) => b.reshape(states[i]!, [1, batch, hidden])),
      0,
    ),
  );
  return [joined(b, ys, 1), ...last];
}

const cellOf = (node: Node<Recurrent>): CellName =>
  node.is("GRU") && node.attrs.linear_before_reset ? "GRU reset behind" : node.op;

/** The steps one after the other; a sequence that has ended keeps its states, and gives zeros. */
function run(b: Builder, step: Step, { gates, goesOn, states: first, backwards }: Sequence) {
  const ys: Value[] = [];
  let states = first;
  const order = gates.map((_, t) => (backwards ? gates.length - 1 - t : t));
  for (const t of order) {
    const next = step(gates[t]!, states);
    const on = goesOn?.[t];
    states = on ? next.map((state, i) => b.where(on, state, states[i]!)) : next;
    ys[t] = on ? b.where(on, next[0]!, 0) : next[0]!;
  }
  return { ys, states };
}

const joined = (b: Builder, values: readonly Value[], axis: number): Value =>
  values.length === 1 ? values[0]! : b.concat(values, axis);

/** The entries along the first axis of size `count`, each without that axis. */
function alongFirst(b: Builder, value: Value | undefined, count: number): readonly (Value | undefined)[] {
  if (!value) return new Array<undefined>(count).fill(undefined);
  const dims = staticShape(value.shape).slice(1);
  const pieces = count === 1 ? [value] : b.ops("Split", [value, b.ints([1, 1])], { axis: 0 }, 2);
  return pieces.map((piece) => b.reshape(piece, dims));
}

function alongRows(b: Builder, value: Value, time: number, batch: number): readonly Value[] {
  return time === 1 ? [value] : b.ops("Split", [value, b.ints(new Array(time).fill(batch))], { axis: 0 }, time);
}

/** The bias of the input's product and that of the recurrent one; together they are one where the cell adds both alike. */
function splitBias(b: Builder, bias: Value | undefined, size: number, apart: boolean): readonly (Value | undefined)[] {
  if (!bias) return [];
  const halves = b.ops("Split", [bias, b.ints([size, size])], { axis: 0 }, 2);
  return apart ? halves : [b.add(halves[0]!, halves[1]!)];
}

/** bool [batch, 1] for each step: whether it is one of the first `lengths` [batch]. */
function stepsThatCount(b: Builder, lengths: Value, time: number): readonly Value[] {
  const column = b.reshape(b.op("Cast", [lengths], { to: "float32" }), [staticShape(lengths.shape)[0]!, 1]);
  return Array.from({ length: time }, (_, t) => b.greater(column, t));
}
