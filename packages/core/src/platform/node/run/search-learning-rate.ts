import { type FoundRate, findLearningRate } from "../../../train/lr-finder.ts";
import { openDataset } from "../data/open-dataset.ts";
import { checkSplits } from "./check-splits.ts";
import { buildModel, disposeModel, engineFor, networkOf, seeing } from "./network.ts";
import { newConfig } from "./new-config.ts";
import { givenConfig, type RunOptions } from "./options.ts";
import { trainingJob } from "./training-job.ts";

/** What only a whole run has. */
type WholeRun =
  | "learningRate"
  | "epochs"
  | "joinVal"
  | "out"
  | "resume"
  | "saveStep"
  | "checkpointSeconds"
  | "onProgress";

/** What is searched for and where. */
export interface RateSearch extends Omit<RunOptions, WholeRun> {
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
  const { from = 1e-5, to = 1, steps = 100, signal, saveMemory, onProgress } = options;
  const { onProgress: _, ...given } = options;
  const config = await newConfig(givenConfig(given));
  const network = await networkOf(config, options.build);
  const dataset =
    options.dataset ?? (await openDataset(config.data, { ...network, group: config.group, ...(signal && { signal }) }));
  checkSplits(dataset, ["train"]);
  const { labels } = dataset;
  const { train } = dataset.splits;
  const engine = await engineFor(network, config);
  const model = await buildModel(network, dataset, config);
  const job = trainingJob(config, model, { train, labels }, saveMemory);
  const session = seeing(network, await engine.open(job));
  disposeModel(model); // the session has its own weights
  try {
    const { recipe, batchSize, seed } = config;
    const search = { session, train, size: dataset, labels, recipe, batchSize, seed };
    return await findLearningRate({ ...search, from, to, steps, signal, onProgress });
  } finally {
    await session.dispose();
  }
}
