import { ResonnxError } from "@resonnx/base";
import { type OptimizerName, optimizers } from "@resonnx/onnx";
import type { Device, EngineName } from "../../../engines/engine.ts";
import type { TrainEvent } from "../../../train/progress.ts";
import { type RecipeName, recipes } from "../../../train/recipe.ts";

/** What decides a run's result, and what `run.json` records; a resumed run must agree with it. */
export interface RunConfig {
  readonly data: string;
  readonly model: "resnet50";
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
  readonly epochs: number;
  readonly batchSize: number;
  /** The peak of the recipe's schedule. */
  readonly learningRate: number;
  readonly optimizer: OptimizerName;
  readonly recipe: RecipeName;
  /** Fixes the weights at the start, the order of pictures and their augmentation. */
  readonly seed: number;
  /** Trains on the validation split too. */
  readonly joinVal: boolean;
}

export interface RunOptions extends Partial<RunConfig> {
  readonly data: string;
  /** The run folder; must be empty or missing unless `resume`. Default `runs/{model}-{time}`. */
  readonly out?: string | undefined;
  /** Continues what the folder holds; what isn't given is taken from there. */
  readonly resume?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: TrainEvent) => void) | undefined;
}

export const defaultConfig: Omit<RunConfig, "data"> = {
  model: "resnet50",
  engine: "auto",
  device: "auto",
  epochs: 20,
  batchSize: 32,
  learningRate: 0.001,
  optimizer: "adam",
  recipe: "default",
  seed: 1,
  joinVal: false,
};

/** Throws `bad-input` for a value that no run can have. */
export function checkConfig(config: RunConfig): void {
  const { epochs, batchSize, learningRate, seed, optimizer, recipe } = config;
  const whole = (value: number, least: number, most: number): boolean =>
    Number.isSafeInteger(value) && value >= least && value <= most;
  const demands: readonly (readonly [string, unknown, boolean, string])[] = [
    ["epochs", epochs, whole(epochs, 1, 100_000), "a whole number from 1 to 100,000"],
    ["batch-size", batchSize, whole(batchSize, 2, 4096), "a whole number from 2 to 4096"],
    ["learning-rate", learningRate, learningRate > 0 && Number.isFinite(learningRate), "a number above 0"],
    ["seed", seed, whole(seed, 0, 2 ** 32 - 1), "a whole number from 0 to 2^32 - 1"],
    ["optimizer", optimizer, Object.hasOwn(optimizers, optimizer), Object.keys(optimizers).join(", ")],
    ["recipe", recipe, Object.hasOwn(recipes, recipe), Object.keys(recipes).join(", ")],
  ];
  const broken = demands.find(([, , holds]) => !holds);
  if (broken)
    throw new ResonnxError("bad-input", {
      where: `--${broken[0]}`,
      what: "can't be used",
      got: `${broken[1]}`,
      wanted: broken[3],
    });
}
