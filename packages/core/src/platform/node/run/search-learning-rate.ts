import { classWeightsOf } from "../../../train/class-weights.ts";
import { type FoundRate, findLearningRate } from "../../../train/lr-finder.ts";
import { updateOptionsOf } from "../../../train/update-recipe.ts";
import { openDataset } from "../data/open-dataset.ts";
import { buildModel, disposeModel, engineFor, networkOf, seeing } from "./network.ts";
import { checkConfig, configOf, givenConfig, type RunOptions } from "./options.ts";

/** What is searched for and where; the learning rate and epochs of the options don't count. */
export interface RateSearch extends Omit<RunOptions, "out" | "resume" | "checkpointSeconds" | "onProgress"> {
  /** The first learning rate, default 1e-5. */
  readonly from?: number | undefined;
  /** The last one, default 1. */
  readonly to?: number | undefined;
  /** Steps between them, default 100. */
  readonly steps?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The learning rate that suits a run with these options, by a short training of its own. Throws as `runTraining` does. */
export async function searchLearningRate(options: RateSearch): Promise<FoundRate> {
  const { from = 1e-5, to = 1, steps = 100, signal, onProgress } = options;
  const { onProgress: _, ...given } = options;
  const config = configOf(givenConfig(given));
  checkConfig(config);
  const network = await networkOf(config, options.build);
  const dataset =
    options.dataset ?? (await openDataset(config.data, { ...network, group: config.group, ...(signal && { signal }) }));
  const { labels, splits } = dataset;
  const engine = await engineFor(network, config);
  const model = await buildModel(network, dataset, config);
  const { optimizer, batchSize, recipe, seed } = config;
  const classWeights = classWeightsOf(recipe.classWeights, splits.train.labels, labels);
  const frozen = config.freeze === null ? undefined : new RegExp(config.freeze);
  const job = { model, ...updateOptionsOf(recipe, optimizer), batchSize, classWeights, seed, frozen };
  const session = seeing(network, await engine.open(job));
  disposeModel(model); // the session has its own weights
  try {
    const search = { session, train: splits.train, size: dataset, labels, recipe, batchSize, seed };
    return await findLearningRate({ ...search, from, to, steps, signal, onProgress });
  } finally {
    await session.dispose();
  }
}
