import { ResonnxError } from "@resonnx/base";
import { type Builder, printType, type Value } from "@resonnx/onnx";
import type { Mask } from "../rule.ts";
import type { BoundCell } from "./cell.ts";
import { type Direction, emitOperator } from "./operator.ts";
import { countedSteps } from "./steps.ts";

/** A sequence to run cells over, one cell above the other. */
export interface Sequence {
  /** [batch, time, ...features] */
  readonly x: Value;
  readonly mask: Mask;
  /** A list a cell; undefined begins with zeros. */
  readonly initial: readonly (readonly Value[])[] | undefined;
  /** From the last step to the first; the outputs come in that order too. */
  readonly backwards: boolean;
  /** Masked steps give zeros, where Keras otherwise repeats the output before. */
  readonly zeroMasked: boolean;
}

export interface Ran {
  /** The outputs of all steps: [batch, time, ...] */
  readonly outputs: Value;
  /** [batch, ...] */
  readonly last: Value;
  /** A list a cell. */
  readonly states: readonly (readonly Value[])[];
}

/** Longer sequences are not written out step by step: the file would be mostly nodes. */
const MAX_STEPS = 1000;

/** Runs cells over a sequence: by ONNX's own operators where those have all of them, else step by step. */
export function runSequence(
  b: Builder,
  cells: readonly BoundCell[],
  sequence: Sequence,
  name: string,
  where: string,
): Ran {
  const directions = cells.flatMap(({ operator }) => operator ?? []);
  return directions.length === cells.length
    ? runOperators(b, directions, sequence, name)
    : runSteps(b, cells, sequence, where);
}

const TIME_FIRST = [1, 0, 2];

export const reversed = (b: Builder, x: Value, axis = 1): Value =>
  b.op("Slice", [x, b.ints([-1]), b.ints([Number.MIN_SAFE_INTEGER]), b.ints([axis]), b.ints([-1])], {});

function runOperators(b: Builder, directions: readonly Direction[], sequence: Sequence, name: string): Ran {
  const { mask, initial, backwards } = sequence;
  const steps = mask && countedSteps(b, mask);
  let x = b.transpose(steps ? steps.gathered(sequence.x) : sequence.x, TIME_FIRST);
  let output: Value | undefined;
  const states = directions.map((direction, i) => {
    const given = initial?.[i];
    const inputs = { x, lengths: steps?.lengths, initial: given && [given] };
    const ran = emitOperator(
      b,
      [direction],
      backwards ? "reverse" : "forward",
      inputs,
      i === 0 ? name : `${name}/${i}`,
    );
    x = b.op("Squeeze", [ran.y, b.ints([1])], {});
    const last = ran.states.map((state) => b.op("Squeeze", [state, b.ints([0])], {}));
    output = last[0]; // zeros where no step counts, whatever the initial state: Keras' rule
    return steps && given ? last.map((state, k) => steps.unlessEmpty(state, given[k]!)) : last;
  });
  const aligned = b.transpose(x, TIME_FIRST);
  const spread = !steps
    ? aligned
    : sequence.zeroMasked
      ? steps.spreadOverZeros(aligned)
      : steps.spread(aligned, backwards);
  return { outputs: backwards ? reversed(b, spread) : spread, last: output!, states };
}

function runSteps(b: Builder, cells: readonly BoundCell[], sequence: Sequence, where: string): Ran {
  const { x, mask, zeroMasked } = sequence;
  const time = x.shape[1]!;
  if (typeof time !== "number" || time > MAX_STEPS || time < 1)
    throw new ResonnxError("unsupported", {
      where,
      what: "a cell that ONNX's operators don't have, over a sequence of this length",
      got: printType(x.type),
      wanted: `a known number of steps, 1 to ${MAX_STEPS}`,
      hint: "build the model with a fixed number of time steps",
    });
  const order = Array.from({ length: time }, (_, t) => (sequence.backwards ? time - 1 - t : t));
  let states = sequence.initial ?? cells.map(({ stateShapes }) => stateShapes.map((shape) => zeros(b, x, shape)));
  let output: Value | undefined;
  const pieces = stepsOf(b, cells[0]!.project(b, x), time);
  const outputs = order.map((t) => {
    const counts = mask && b.gather(mask, b.ints([t]), 1);
    let input = pieces[t]!;
    states = cells.map((cell, i) => {
      const before = states[i]!;
      const after = cell.step(b, i === 0 ? input : cell.project(b, input), before);
      input = after[0]!;
      return counts ? after.map((state, k) => carried(b, counts, state, before[k]!)) : after;
    });
    const kept = counts && carried(b, counts, input, output ?? zeros(b, x, cells.at(-1)!.stateShapes[0]!));
    output = kept ?? input;
    return b.op("Unsqueeze", [counts && zeroMasked ? carried(b, counts, input, 0) : output, b.ints([1])], {});
  });
  return { outputs: b.concat(outputs, 1), last: output!, states };
}

/** x [batch, time, ...] step by step. */
function stepsOf(b: Builder, x: Value, time: number): Value[] {
  const sizes = b.ints(new Array<number>(time).fill(1));
  return b.ops("Split", [x, sizes], { axis: 1 }, time).map((step) => b.op("Squeeze", [step, b.ints([1])], {}));
}

/** `fresh` where the step counts [batch, 1], `before` elsewhere. */
function carried(b: Builder, counts: Value, fresh: Value, before: Value | number): Value {
  const added = Array.from({ length: fresh.rank - 2 }, (_, i) => 2 + i);
  return b.where(added.length > 0 ? b.op("Unsqueeze", [counts, b.ints(added)], {}) : counts, fresh, before);
}

/** Zeros [batch, ...shape] for the batch of `x`. */
export function zeros(b: Builder, x: Value, shape: readonly number[]): Value {
  const [batch] = x.shape;
  if (typeof batch === "number") return b.filled([batch, ...shape], 0);
  const dims = b.concat([b.gather(b.op("Shape", [x], {}), b.ints([0]), 0), b.ints(shape)], 0);
  return b.op("Expand", [b.filled([1, ...shape], 0), dims], {});
}
