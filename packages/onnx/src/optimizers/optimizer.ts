import type { Arithmetic, Ranked } from "./arithmetic.ts";

/** What one optimizer is: the formula of one parameter's move, and the numbers that it needs at each step. */
export interface Optimizer {
  /** Names of the arrays that it keeps for every parameter, each of the parameter's shape, zero at first. */
  readonly slots: readonly string[];
  /** Names of the scalar inputs of a step. */
  readonly scalars: readonly string[];
  /** Their values at step `step` (1 for the first one), in the order of `scalars`. */
  schedule(learningRate: number, step: number): readonly number[];
  /** What is to be taken from the parameter, and its slots after this step. */
  update<T extends Ranked>(math: Arithmetic<T>, update: Update<T>): Moved<T>;
}

export interface Update<T> {
  readonly parameter: T;
  readonly gradient: T;
  readonly slots: readonly T[];
  readonly scalars: readonly (T | number)[];
}

export interface Moved<T> {
  readonly move: T;
  readonly slots: readonly T[];
}

/** The scalars of an optimizer whose only number that changes is the learning rate. */
export const rateOnly: Pick<Optimizer, "scalars" | "schedule"> = {
  scalars: ["rate"],
  schedule: (learningRate) => [learningRate],
};
