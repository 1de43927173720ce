import { throwIfAborted } from "@resonnx/base";
import type { Split } from "../data/dataset.ts";
import type { TrainingSession } from "../engines/engine.ts";
import { type Evaluation, evaluation } from "../metrics/evaluation.ts";
import { scaled } from "./make-batch.ts";
import { AHEAD, ReadAhead } from "./read-ahead.ts";

export interface PredictSplitOptions {
  /** Whether to take the moving averages of the weights. */
  readonly averaged?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** How well the session's weights do on a split. Throws `bad-input` for an empty one. */
export async function evaluate(
  session: TrainingSession,
  split: Split,
  labels: readonly string[],
  batchSize: number,
  options: PredictSplitOptions = {},
): Promise<Evaluation> {
  return evaluation(await predictSplit(session, split, labels.length, batchSize, options), split.labels, labels);
}

/** The class probabilities [pictures, classes] of a split. */
export async function predictSplit(
  session: TrainingSession,
  split: Split,
  classes: number,
  batchSize: number,
  { averaged = false, signal }: PredictSplitOptions = {},
): Promise<Float32Array> {
  const count = split.names.length;
  const probabilities = new Float32Array(count * classes);
  const steps = Math.ceil(count / batchSize);
  const upcoming = new ReadAhead(0, steps, AHEAD, async (step) => {
    const start = step * batchSize;
    return split.read(Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => start + i));
  });
  try {
    for (let step = 0; step < steps; step++) {
      throwIfAborted(signal, "evaluation");
      const pictures = scaled(await upcoming.next());
      const start = step * batchSize;
      const size = Math.min(batchSize, count - start);
      probabilities.set(await session.predict(pictures, size, { averaged }), start * classes);
    }
  } finally {
    await upcoming.stop();
  }
  return probabilities;
}
