import { ResonnxError } from "@resonnx/base";
import type { Builder } from "../builder/builder.ts";
import { floats, integers } from "../ir/tensor.ts";
import type { Value } from "../ir/value.ts";
import type { Phase } from "./update-rule.ts";

/** Bias corrections like 1 - 0.999ᵗ are 1 in float32 long before this. */
const MOST_STEPS = 2 ** 17;

/**
 * A phase's scalars inside a graph, from a learning rate (float32 scalar) and the number of the step (int64 scalar, from
 * 1). Every schedule is linear in the learning rate, base(t) + rate · slope(t), so both parts are tables over t, as long
 * as they change. Throws `unsupported` for a schedule that isn't, or that goes on changing.
 */
export function scheduled(b: Builder, phase: Phase, learningRate: Value, step: Value): Value[] {
  const length = stepsUntilSteady(phase);
  const width = phase.scalars.length;
  const table = (part: (step: number) => readonly number[]): Value => {
    const rows = Array.from({ length }, (_, i) => part(i + 1)).flat();
    return b.constant(floats([length, width], rows));
  };
  const last = b.constant(integers([length], []));
  const row = b.op("Sub", [b.op("Min", [step, last], {}), b.constant(integers([1], []))], {});
  const scalars = b.add(
    b.gather(
      table((t) => phase.schedule(0, t)),
      row,
      0,
    ),
    b.mul(
      learningRate,
      b.gather(
        table((t) => slope(phase, t)),
        row,
        0,
      ),
    ),
  );
  return phase.scalars.map((_, i) => b.gather(scalars, b.constant(integers([i], [])), 0));
}

const slope = (phase: Phase, step: number): number[] => {
  const base = phase.schedule(0, step);
  return phase.schedule(1, step).map((value, i) => value - base[i]!);
};

/** A power of two from which on nothing changes in float32. */
function stepsUntilSteady(phase: Phase): number {
  const [once, twice] = [slope(phase, 1), phase.schedule(2, 1).map((value, i) => value - phase.schedule(0, 1)[i]!)];
  const linear = once.every((value, i) => Math.abs(2 * value - twice[i]!) <= 1e-12 * Math.abs(twice[i]!));
  const key = (step: number): string => `${Float32Array.from([...phase.schedule(0, step), ...slope(phase, step)])}`;
  for (let steps = 1; linear && steps <= MOST_STEPS; steps *= 2)
    if (key(steps) === key(2 * steps) && key(steps) === key(4 * steps)) return steps;
  throw new ResonnxError("unsupported", {
    where: "update graph",
    what: "the optimizer's schedule can't be written into a graph",
    got: linear ? "a schedule that goes on changing" : "a schedule that is not linear in the learning rate",
  });
}
