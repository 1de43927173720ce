import type { Builder, Value } from "@resonnx/onnx";
import { type ConfigOf, type Fields, parseConfig } from "../config/fields.ts";
import type { JsonObject } from "../config/json.ts";

/** What a rule has in hand for one call of its layer. Values keep the source's layout. */
export interface CallContext {
  readonly b: Builder;
  /** The layer's name, which its main node gets. */
  readonly name: string;
  /** For errors: file and layer. */
  readonly where: string;
  readonly inputs: readonly Value[];
  /** Whether the layer behaves as in training: asked for, and the layer isn't frozen. */
  readonly training: boolean;
  /** A weight by its short name (`kernel`), in the source's layout; throws `bad-input` when it is missing or of another rank. */
  weight(name: string, rank: number): Value;
  /** The value of a state weight (`moving_mean`) after this training step. */
  update(name: string, value: Value): void;
}

/** How one layer class becomes nodes. */
export interface LayerRule {
  /** Weights that training updates by themselves, not by gradients. */
  readonly state: readonly string[];
  /** Checks a config and gives what emits a call of that layer. Throws before anything is emitted. */
  prepare(config: JsonObject, where: string): (context: CallContext) => readonly Value[];
}

interface LayerFacts<F extends Fields> {
  readonly config: F;
  readonly state?: readonly string[];
  /** The layer's outputs. */
  emit(context: CallContext & { readonly config: ConfigOf<F> }): Value | readonly Value[];
}

export const layer = <const F extends Fields>({ config: fields, state = [], emit }: LayerFacts<F>): LayerRule => ({
  state,
  prepare(json, where) {
    const config = parseConfig(fields, json, where);
    return (context) => [emit({ ...context, config })].flat();
  },
});

/** A layer class without a rule, and why. */
export interface Unsupported {
  readonly unsupported: string;
}

export const unsupported = (reason: string): Unsupported => ({ unsupported: reason });
