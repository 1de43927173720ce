import { ResonnxError } from "@resonnx/base";
import { SLOTS, slotName, type UpdateOptions } from "@resonnx/onnx";
import type { StateArray, TrainingState } from "./engine.ts";

/**
 * A state whose weights are their moving averages (`ema`), for evaluation and export: frozen weights, which have none,
 * stay. A state without averages is given back as it is.
 */
export function averagedState({ step, arrays }: TrainingState): TrainingState {
  const averages = Object.keys(arrays).flatMap((name) => {
    const average = arrays[slotName(SLOTS.ema, name)];
    return average ? [[name, average] as const] : [];
  });
  return { step, arrays: { ...arrays, ...Object.fromEntries(averages) } };
}

/** Moving averages as they are where they begin: those of `slots` that these arrays have, as copies. */
export function freshAverages(
  arrays: TrainingState["arrays"],
  slots: { has(slot: string): boolean },
): Record<string, StateArray> {
  const entries = Object.entries(arrays).map(
    ([name, { dims, data }]) => [slotName(SLOTS.ema, name), { dims, data: data.slice() }] as const,
  );
  return Object.fromEntries(entries.filter(([slot]) => slots.has(slot)));
}

/** Throws `bad-input` when a training keeps no averages to infer with. */
export function checkAverages({ ema }: Pick<UpdateOptions, "ema">): void {
  if (ema !== undefined) return;
  throw new ResonnxError("bad-input", { where: "averaged", what: "this training keeps no averages", hint: "set ema" });
}
