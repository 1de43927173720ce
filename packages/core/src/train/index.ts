export { classWeightsOf } from "./class-weights.ts";
export { type EarlyStopping, stopReason } from "./early-stopping.ts";
export { type FindRateOptions, type FoundRate, findLearningRate, type RatePoint } from "./lr-finder.ts";
export type { BatchJob, BatchMaker, MadeBatch } from "./make-batch.ts";
export { MemoryStore } from "./memory-store.ts";
export { parseRecipe, recipeOf } from "./parse-recipe.ts";
export { type Plateau, plateauFactor } from "./plateau.ts";
export type { Position } from "./position.ts";
export type { StepEvent, TrainEvent } from "./progress.ts";
export { learningRateAt, type Moment, type Recipe, type RecipeName, recipes, type Schedule } from "./recipe.ts";
export { type Spread, spreadOf, studentT } from "./student-t.ts";
export {
  type CheckpointStore,
  evaluate,
  type PredictSplitOptions,
  predictSplit,
  type Trained,
  type TrainOptions,
  train,
} from "./train.ts";
export { type Averaging, type RateRule, type UpdateRecipe, updateOptionsOf } from "./update-recipe.ts";
