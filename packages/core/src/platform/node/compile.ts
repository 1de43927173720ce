import type { TrainableModel, TrainingJob, TrainingSession } from "../../engines/engine.ts";
import { onlyOnnxTrains } from "../../engines/tfjs/job.ts";
import { chooseEngine, type EngineChoice } from "./choose-engine.ts";

export interface CompileOptions extends Omit<TrainingJob, "model">, Partial<EngineChoice> {}

/**
 * The model, ready to train: `step`, `evaluate`, `predict`, `state` and `restore`, `dispose`. Its own weights stay as they
 * are. Engine and device are `auto` by default, which takes an engine that trains this model by these options. Throws
 * `unavailable` for an engine that can't be had here, `unsupported` and `bad-input` for what doesn't train.
 */
export async function compile(
  model: TrainableModel,
  { engine = "auto", device = "auto", ...options }: CompileOptions,
): Promise<TrainingSession> {
  const job = { ...options, model };
  const able = engine === "auto" && onlyOnnxTrains(job) ? "onnx" : engine;
  return (await chooseEngine({ engine: able, device })).open(job);
}
