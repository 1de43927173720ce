import { SLOTS, slotName } from "@resonnx/onnx";
import type { TrainingState } from "./engine.ts";

/**
 * A state whose weights are their moving averages (`ema`), for evaluation and export: weights that have none, such as
 * the statistics of batch normalizations, stay. A state without averages is given back as it is.
 */
export function averagedState({ step, arrays }: TrainingState): TrainingState {
  const averages = Object.keys(arrays).flatMap((name) => {
    const average = arrays[slotName(SLOTS.ema, name)];
    return average ? [[name, average] as const] : [];
  });
  return { step, arrays: { ...arrays, ...Object.fromEntries(averages) } };
}
