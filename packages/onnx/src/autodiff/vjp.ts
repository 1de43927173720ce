import type { Builder } from "../builder/builder.ts";
import { refuse } from "../infer/rules.ts";
import type { Node } from "../ir/node.ts";
import { isStatic, type Shape } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";

/** What a rule sees: the node, its inputs and first output, and the gradient of the loss by that output. */
export interface VjpContext<K extends OpName> {
  readonly b: Builder;
  readonly node: Node<K>;
  /** Inputs by position. */
  readonly x: readonly Value[];
  readonly y: Value;
  /** Gradient of the first output. */
  readonly dy: Value;
  /** Gradients of all outputs, for the operators of EVERY_OUTPUT; the others are differentiated by the first one only. */
  readonly dys: readonly (Value | undefined)[];
}

/** Operators whose rules take the gradients of all outputs, any of which may be missing; `dy` is of no use to them. */
export const EVERY_OUTPUT: ReadonlySet<OpName> = new Set(["Split"]);

/**
 * The vector-Jacobian product of one operator: the gradient of each input, in order; `undefined` where an input has
 * none (trailing ones may be left out). Broadcasting is undone by the caller: a gradient may have the output's shape where the input was stretched.
 */
export type Vjp<K extends OpName> = (context: VjpContext<K>) => readonly (Value | undefined)[];

/** Why an operator has no rule, and gradients that reach it are an error, whose text this becomes. */
export class NoGradient {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Why the gradient by an operator's inputs is zero: gradients that reach it end there. */
export class ZeroGradient {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Sizes as numbers: a step graph is built for one batch size. */
export function staticShape(shape: Shape): readonly number[] {
  if (!isStatic(shape))
    throw refuse("a gradient needs known sizes", `[${shape}]`, "numbers (build the forward graph with a batch size)");
  return shape;
}
