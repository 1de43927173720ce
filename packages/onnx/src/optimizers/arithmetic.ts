/** What a step's update computes with: a graph's values, or an engine's own tensors. */
export interface Ranked {
  readonly rank: number;
}

/**
 * The arithmetic that optimizers are written in, elementwise with broadcasting. Written once against this, an update is
 * nodes of a step graph (Builder) and eager work of another engine alike, formula for formula.
 */
export interface Arithmetic<T extends Ranked> {
  add(a: T | number, b: T | number): T;
  sub(a: T | number, b: T | number): T;
  mul(a: T | number, b: T | number): T;
  div(a: T | number, b: T | number): T;
  max(a: T | number, b: T | number): T;
  min(a: T | number, b: T | number): T;
  sqrt(x: T): T;
  abs(x: T): T;
  /** The sum of all elements, a scalar. */
  total(x: T): T;
}
