import { ResonnxError } from "@resonnx/base";
import type { TrainingSession, TrainingState } from "../engines/engine.ts";

/**
 * A session's state, fit for a checkpoint. Throws `failed` naming the first array with numbers that aren't finite: the
 * gradients of a step may overflow whose loss did not.
 */
export async function soundState(session: TrainingSession): Promise<TrainingState> {
  const state = await session.state();
  const spoilt = Object.keys(state.arrays).find((name) => !allFinite(state.arrays[name]!.data));
  if (spoilt === undefined) return state;
  throw new ResonnxError("failed", {
    where: `step ${state.step}`,
    what: `"${spoilt}" is not finite any more; the checkpoint before it stays`,
    hint: "try a smaller learning rate, or clip gradients (clipNorm)",
  });
}

/** 0 · x is NaN for infinite numbers too; one test for all of them is several times faster than one for each. */
const allFinite = (data: Float32Array): boolean => {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * data[i]!;
  return sum === 0;
};
