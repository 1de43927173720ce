import type { Builder } from "../builder/builder.ts";
import type { Value } from "../ir/value.ts";

/** What one optimizer is: a graph builder for one parameter's update, and the numbers that it needs at each step. */
export interface Optimizer {
  /** Names of the arrays that it keeps for every parameter, each of the parameter's shape, zero at first. */
  readonly slots: readonly string[];
  /** Names of the scalar inputs of a step. */
  readonly scalars: readonly string[];
  /** Their values at step `step` (1 for the first one), in the order of `scalars`. */
  schedule(learningRate: number, step: number): readonly number[];
  /** The parameter and its slots after this step. */
  update(b: Builder, update: Update): { readonly parameter: Value; readonly slots: readonly Value[] };
}

export interface Update {
  readonly parameter: Value;
  readonly gradient: Value;
  readonly slots: readonly Value[];
  readonly scalars: readonly Value[];
}
