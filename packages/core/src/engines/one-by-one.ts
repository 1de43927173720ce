import type { StepJob, StepResult, TrainingSession } from "./engine.ts";

/** `steps` by `step`. */
export async function oneByOne(
  session: Pick<TrainingSession, "step">,
  jobs: readonly StepJob[],
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const { batch, learningRate } of jobs) results.push(await session.step(batch, learningRate));
  return results;
}
