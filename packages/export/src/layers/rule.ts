import type { Builder, Shape, TensorType, Value } from "@resonnx/onnx";
import { type ConfigOf, type Fields, parseConfig } from "../config/fields.ts";
import type { JsonObject } from "../config/json.ts";
import type { Draw } from "../forward/draws.ts";

/** Which steps of a value count: bool [batch, time]; undefined when all do. */
export type Mask = Value | undefined;

export interface NamedInput {
  readonly value: Value;
  readonly mask: Mask;
}

/** What a rule has in hand for one call of its layer. Values keep the source's layout. */
export interface CallContext {
  readonly b: Builder;
  /** The layer's name, which its main node gets. */
  readonly name: string;
  /** For errors: file and layer. */
  readonly where: string;
  readonly inputs: readonly Value[];
  /** One for each input. */
  readonly masks: readonly Mask[];
  /** What the call names beside its inputs (`key`, `attention_mask`). */
  readonly named: ReadonlyMap<string, readonly NamedInput[]>;
  /** What the call sets beside its inputs (`use_causal_mask`). */
  readonly flags: ReadonlySet<string>;
  /** Whether the layer behaves as in training: asked for, and the layer isn't frozen. */
  readonly training: boolean;
  /** Whether gradients will be taken through the layer, frozen or not: operators that stand for whole loops are written out. */
  readonly differentiable: boolean;
  /** The folders that the layer's weights lie in, in the source's order: `forward_lstm/lstm_cell`; "" is the layer's own. */
  readonly scopes: readonly string[];
  /**
   * A weight by its short name (`kernel`), or by a path that may leave folders out (`forward_lstm/kernel`), in the
   * source's layout; throws `bad-input` when it is missing, ambiguous or of another rank.
   */
  weight(name: string, rank: number): Value;
  /** The value of a state weight (`moving_mean`) after this training step. */
  update(name: string, value: Value): void;
  /** What a stateful layer goes on from; undefined where every run begins with zeros. */
  carried(name: string, type: TensorType): Value | undefined;
  /** What a stateful layer leaves for the next run. */
  carry(name: string, value: Value): void;
  /** New random numbers for this call at every training step; for layers in training only. */
  random(draw: Draw, shape: Shape): Value;
}

/** What one call of a layer gives. A missing mask is none. */
export interface Emission {
  readonly values: readonly Value[];
  readonly masks: readonly Mask[];
}

/** Emits one call of a layer. */
export type Emit = (context: CallContext) => Emission;

/** The rule of a class name read from a file, or why there is none: what layers that hold other layers need. */
export type RuleLookup = (className: string) => LayerRule | Unsupported;

/** How one layer class becomes nodes. */
export interface LayerRule {
  /** Weights that training updates by themselves, not by gradients. */
  readonly state: readonly string[];
  /** Whether the layer does the same to every step of [batch, time, ...] by itself. */
  readonly eachStep?: boolean;
  /** Checks a config and gives what emits a call of that layer. Throws before anything is emitted. */
  prepare(config: JsonObject, where: string, ruleOf: RuleLookup): Emit;
}

/** The masks of a layer's outputs. */
export type MaskRule<F extends Fields> = (context: CallContext & { readonly config: ConfigOf<F> }) => readonly Mask[];

interface LayerFacts<F extends Fields> {
  readonly config: F;
  readonly state?: readonly string[];
  readonly eachStep?: boolean;
  /** What becomes of the inputs' masks; by default the output has none, as Keras and tfjs have it. */
  readonly masks?: MaskRule<F>;
  /** The layer's outputs; with masks of their own where the layer makes them. */
  emit(context: CallContext & { readonly config: ConfigOf<F> }): Value | readonly Value[] | Emission;
}

export const layer = <const F extends Fields>(facts: LayerFacts<F>): LayerRule => ({
  state: facts.state ?? [],
  eachStep: facts.eachStep ?? false,
  prepare(json, where) {
    const config = parseConfig(facts.config, json, where);
    return (context) => {
      const call = { ...context, config };
      const emitted = facts.emit(call);
      if ("values" in emitted && "masks" in emitted) return emitted;
      return { values: [emitted].flat(), masks: facts.masks?.(call) ?? [] };
    };
  },
});

/** A layer class without a rule, and why. */
export interface Unsupported {
  readonly unsupported: string;
}

export const unsupported = (reason: string): Unsupported => ({ unsupported: reason });
