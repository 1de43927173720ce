export { MemoryStore } from "./memory-store.ts";
export type { Position } from "./position.ts";
export type { StepEvent, TrainEvent } from "./progress.ts";
export { learningRateAt, type Recipe, type RecipeName, recipes, type Schedule } from "./recipe.ts";
export { type CheckpointStore, evaluate, type Trained, type TrainOptions, train } from "./train.ts";
