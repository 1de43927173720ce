import type { Dataset, Split } from "../../../data/dataset.ts";
import type { TrainableModel, TrainingJob } from "../../../engines/engine.ts";
import { classWeightsOf } from "../../../train/class-weights.ts";
import { updateOptionsOf } from "../../../train/update-recipe.ts";
import type { RunConfig } from "./options.ts";

/** How a configuration moves which weights. */
export const updateOf = ({ recipe, optimizer, freeze }: RunConfig) => ({
  ...updateOptionsOf(recipe, optimizer),
  ...(freeze !== null && { frozen: new RegExp(freeze) }),
});

/** What an engine is to train for a configuration on these pictures. */
export function trainingJob(
  config: RunConfig,
  model: TrainableModel,
  { train, labels }: Pick<Dataset, "labels"> & { readonly train: Split },
  saveMemory: boolean | undefined,
): TrainingJob {
  const { recipe, batchSize, seed } = config;
  const classWeights = classWeightsOf(recipe.classWeights, train.labels, labels);
  return { model, ...updateOf(config), batchSize, classWeights, seed, saveMemory };
}
