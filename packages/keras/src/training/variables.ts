import type { JsonObject } from "../config/model-config.ts";
import { type KerasOptimizerName, type Layout, type Slot, slotGroups } from "./optimizers.ts";
import type { OptimizerState } from "./training.ts";

/** One of an optimizer's arrays and the weight that it belongs to. */
export interface OptimizerVariable<W> {
  readonly slot: Slot;
  readonly weight: W;
}

/** An optimizer's arrays in the order in which Keras lists them, behind the number of steps (and in Keras 3 the learning rate). */
export function optimizerVariables<W>(
  { className, config }: { readonly className: KerasOptimizerName; readonly config: JsonObject },
  trainable: readonly W[],
  layout: Layout,
): OptimizerVariable<W>[] {
  return slotGroups(className, config, layout).flatMap((group) =>
    trainable.flatMap((weight) => group.map((slot) => ({ slot, weight }))),
  );
}

/** The values of a variable: what the state has, or where the optimizer starts. */
export function valuesOf(
  { slot, weight }: OptimizerVariable<{ readonly name: string; readonly data: { readonly length: number } }>,
  arrays: OptimizerState["arrays"],
): Float32Array {
  return arrays[slot.name]?.[weight.name] ?? new Float32Array(weight.data.length).fill(slot.initial);
}

/** What the variables are called in a `.h5` that Keras 2 wrote: the number of steps, then an array of a weight. */
export const VARIABLE_NAMES = {
  legacy: {
    steps: (className) => `${className}/iter:0`,
    array: (className, { legacy }, weight) => `${className}/${weight}/${legacy}:0`,
  },
  keras2: {
    steps: () => "iteration:0",
    array: (className, { keras2 }, weight) => `${className}/${keras2}/${weight}:0`,
  },
} as const satisfies {
  readonly [L in Exclude<Layout, "keras3">]: {
    steps(className: string): string;
    array(className: string, slot: Slot, weight: string): string;
  };
};
