export { chooseEngine, type EngineChoice } from "./choose-engine.ts";
export type { DatasetOptions } from "./dataset-options.ts";
export { imageFolder } from "./image-folder.ts";
export { openDataset } from "./open-dataset.ts";
export { defaultConfig, type RunConfig, type RunOptions } from "./run/options.ts";
export { RUN_FILES } from "./run/run-folder.ts";
export { type RunResult, runTraining } from "./run/run-training.ts";
export { type RepeatOptions, type RepeatResult, runFolds, runSeeds } from "./run/repeat.ts";
