import { parseJson, ResonnxError } from "@resonnx/base";
import { type OptimizerConfig, type OptimizerName, optimizerOf } from "@resonnx/onnx";
import type { Dataset } from "../../../data/dataset.ts";
import { DEVICES, type Device, ENGINE_NAMES, type EngineName } from "../../../engines/engine.ts";
import type { BuildModel } from "../../../models/network.ts";
import { recipeOf } from "../../../train/parse-recipe.ts";
import type { TrainEvent } from "../../../train/progress.ts";
import { type Recipe, type RecipeName, recipes } from "../../../train/recipe.ts";
import { isPattern } from "../../../train/update-recipe.ts";

/** What decides a run's result, and what `run.json` records; a resumed run must agree with it. */
export interface RunConfig {
  /** A path, `hand-signs`, or the name of the `dataset` that was given. */
  readonly data: string;
  /** What tells a picture's group from its name, see `DatasetOptions`; null when pictures are split one by one. */
  readonly group: string | null;
  /** One of MODEL_NAMES, a .json file of a tfjs or Keras model's topology, or what to call the one that is given. */
  readonly model: string;
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
  /** Pixels of a side of the pictures; a model file has its own. */
  readonly size: number;
  /** Of the network's pictures: 3 for RGB, 1 for grey; a model file has its own. */
  readonly channels: 1 | 3;
  readonly epochs: number;
  readonly batchSize: number;
  /** The peak of the recipe's schedule; the recipe's own by default. */
  readonly learningRate: number;
  /** The recipe's own by default; its name alone stands for it with the recipe's options. */
  readonly optimizer: OptimizerConfig;
  readonly recipe: Recipe;
  /** Fixes the weights at the start, the order of pictures and their augmentation. */
  readonly seed: number;
  /** Trains on the validation split too. */
  readonly joinVal: boolean;
  /** A trained model to begin with, instead of `model`: a run folder, a tfjs `model.json`, a Keras file; null for new weights. */
  readonly init: string | null;
  /** A regular expression, of Keras names such as `conv1/kernel`: these weights stay as they are; null for none. */
  readonly freeze: string | null;
}

/** A new run needs `data`; for the rest there are defaults. */
export interface RunOptions extends Partial<Omit<RunConfig, "recipe">> {
  readonly recipe?: RecipeName | Recipe;
  /** The pictures themselves, instead of what is at the path `data`; a resumed run must get the same. */
  readonly dataset?: Dataset | undefined;
  /** Makes the network, instead of the one that `model` names; a resumed run must get the same. */
  readonly build?: BuildModel | undefined;
  /** The run folder; must be empty or missing unless `resume`. Default `runs/{model}-{time}`. */
  readonly out?: string | undefined;
  /** Continues what the folder holds; what isn't given is taken from there. */
  readonly resume?: boolean | undefined;
  /** Where to write the training step for other programs: `step.onnx` gives `step.gradients.onnx` and so on, see `saveStep`. */
  readonly saveStep?: string | undefined;
  /** Trains in less memory and more time, see `TrainingJob`; the result is the same. */
  readonly saveMemory?: boolean | undefined;
  /** Seconds between checkpoints inside an epoch; default 600. There is one after each epoch anyway. */
  readonly checkpointSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: TrainEvent) => void) | undefined;
}

export const defaultConfig: Omit<RunConfig, "data"> = {
  group: null,
  model: "resnet50",
  engine: "auto",
  device: "auto",
  size: 64,
  channels: 3,
  epochs: 20,
  batchSize: 32,
  learningRate: recipes.default.learningRate,
  optimizer: recipes.default.optimizer,
  recipe: recipes.default,
  seed: 1,
  joinVal: false,
  init: null,
  freeze: null,
};

/** The configuration of a new run: what isn't given is the recipe's, or else the usual. Throws `bad-input` without data. */
export function configOf(given: Partial<RunConfig>): RunConfig {
  const { data, recipe = defaultConfig.recipe } = given;
  if (data === undefined)
    throw new ResonnxError("bad-input", { where: "--data", what: "which pictures?", hint: DATA_HINT });
  const optimizer = optimizerOfRun(given.optimizer ?? recipe.optimizer, recipe);
  return { ...defaultConfig, learningRate: recipe.learningRate, ...given, data, optimizer };
}

const DATA_HINT = "name a folder, a .zip, .tar, .h5 or .npz file, or hand-signs";

/** What an optimizer stands for in a run: the recipe's options go with its name. */
export const optimizerOfRun = (given: OptimizerConfig, recipe: Recipe): OptimizerConfig =>
  typeof given === "string" && given === optimizerName(recipe.optimizer) ? recipe.optimizer : given;

/** What an optimizer is called, with or without options. */
export const optimizerName = (optimizer: OptimizerConfig): OptimizerName =>
  typeof optimizer === "string" ? optimizer : optimizer.name;

/** The part of the options that `run.json` records, without what isn't given. */
export function givenConfig(options: RunOptions): Partial<RunConfig> {
  const keys = ["data", ...(Object.keys(defaultConfig) as (keyof RunConfig)[])] as const;
  const present = keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]] as const]));
  const recipe = options.recipe && { recipe: recipeOf(options.recipe) };
  return { ...Object.fromEntries(present), ...recipe } as Partial<RunConfig>; // the keys of RunConfig that are there
}

/** What a `run.json` says. Throws `bad-input` naming the file for what can't be a run's. */
export const parseConfig = (text: string, where: string): RunConfig => configIn(parseJson(text, where), where);

/** The configuration in a file's JSON. Throws `bad-input` naming the file for what can't be a run's. */
export function configIn(value: unknown, where: string): RunConfig {
  if (typeof value !== "object" || value === null || typeof (value as { data?: unknown }).data !== "string") {
    const got = `${JSON.stringify(value)}`.slice(0, 60);
    throw new ResonnxError("bad-input", { where, what: "is no run's configuration", got });
  }
  const { recipe = "default", ...rest } = value as Partial<Omit<RunConfig, "recipe">> & {
    recipe?: RecipeName | Recipe;
  };
  const config = configOf({ ...rest, recipe: recipeOf(recipe) } as RunConfig); // checked below, field by field
  checkConfig(config, `${where}: `);
  return config;
}

const ENGINES: readonly RunConfig["engine"][] = ["auto", ...ENGINE_NAMES];
const PLACES: readonly RunConfig["device"][] = ["auto", ...DEVICES];

/** Throws `bad-input` for a value that no run can have. */
export function checkConfig(config: RunConfig, prefix = "--"): void {
  const { model, engine, device, size, channels, epochs, batchSize, learningRate, joinVal, init, freeze, seed } =
    config;
  const whole = (value: unknown, least: number, most: number): boolean =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most;
  const demands: readonly (readonly [string, unknown, boolean, string])[] = [
    ["group", config.group, config.group === null || typeof config.group === "string", "a regular expression"],
    ["model", model, typeof model === "string" && model !== "", "a name"],
    ["engine", engine, ENGINES.includes(engine), ENGINES.join(", ")],
    ["device", device, PLACES.includes(device), PLACES.join(", ")],
    ["size", size, whole(size, 1, 4096), "a whole number from 1 to 4096"],
    ["channels", channels, channels === 1 || channels === 3, "1 or 3"],
    ["epochs", epochs, whole(epochs, 1, 100_000), "a whole number from 1 to 100,000"],
    ["batch-size", batchSize, whole(batchSize, 2, 4096), "a whole number from 2 to 4096"],
    ["learning-rate", learningRate, learningRate > 0 && Number.isFinite(learningRate), "a number above 0"],
    ["join-val", joinVal, typeof joinVal === "boolean", "true or false"],
    ["freeze", freeze, freeze === null || isPattern(freeze), "a regular expression"],
    ["init", init, init === null || (typeof init === "string" && init !== ""), "a path"],
    ["seed", seed, whole(seed, 0, 2 ** 32 - 1), "a whole number from 0 to 2^32 - 1"],
  ];
  const broken = demands.find(([, , holds]) => !holds);
  if (broken)
    throw new ResonnxError("bad-input", {
      where: `${prefix}${broken[0]}`,
      what: "can't be used",
      got: `${broken[1]}`,
      wanted: broken[3],
    });
  optimizerOf(config.optimizer);
}
