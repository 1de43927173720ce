import type { TrainableModel, TrainingJob, TrainingSession } from "../../engines/engine.ts";
import { chooseEngine, type EngineChoice } from "./choose-engine.ts";

export interface CompileOptions extends Omit<TrainingJob, "model">, Partial<EngineChoice> {}

/**
 * The model, ready to train in a worker of the page: `step`, `evaluate`, `predict`, `state` and `restore`, `dispose`. Its
 * own weights stay as they are. Throws `unsupported` and `bad-input` for what doesn't train, or not in a page.
 */
export async function compile(
  model: TrainableModel,
  { engine = "auto", device = "auto", wasmPaths, numThreads, ...options }: CompileOptions,
): Promise<TrainingSession> {
  const chosen = await chooseEngine({ engine, device, wasmPaths, numThreads });
  return chosen.open({ ...options, model });
}
