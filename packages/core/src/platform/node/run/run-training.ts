import { ResonnxError } from "@resonnx/base";
import { artifactsOf } from "@resonnx/export";
import type { LayersModel } from "@tensorflow/tfjs";
import type { Dataset } from "../../../data/dataset.ts";
import { joinSplits } from "../../../data/split.ts";
import type { Engine } from "../../../engines/engine.ts";
import type { Evaluation } from "../../../metrics/evaluation.ts";
import { resnet50 } from "../../../models/resnet50.ts";
import { recipes } from "../../../train/recipe.ts";
import { evaluate, type Trained, train } from "../../../train/train.ts";
import { chooseEngine } from "../choose-engine.ts";
import { openDataset } from "../open-dataset.ts";
import { checkConfig, defaultConfig, type RunConfig, type RunOptions } from "./options.ts";
import { writeResults } from "./results.ts";
import { RunFolder } from "./run-folder.ts";
import { versions } from "./versions.ts";

export interface RunResult {
  readonly folder: string;
  /** On the test split. */
  readonly evaluation: Evaluation;
  readonly kept: Trained["kept"];
  readonly epochs: number;
  /** Of training and validation, over all sittings. */
  readonly seconds: number;
  readonly engine: Pick<Engine, "name" | "device" | "reason">;
  readonly notes: readonly string[];
  /** All that was written for the user, most important first. */
  readonly files: readonly string[];
}

/** Networks by the name that `--model` takes. */
const models: { readonly [M in RunConfig["model"]]: (dataset: Dataset, config: RunConfig) => LayersModel } = {
  resnet50: ({ width, height, labels }, { seed, recipe }) =>
    resnet50({
      inputShape: [height, width, 3],
      classes: labels.length,
      // The tutorial gives every kernel seed 0; other runs draw a seed for each.
      seed: recipe === "tutorial" && seed === defaultConfig.seed ? undefined : seed,
      batchNormMomentum: recipes[recipe].batchNormMomentum,
    }),
};

/**
 * Trains a network on labelled pictures and leaves a run folder: the model as .onnx, tfjs and Keras .h5, history, metrics
 * of the test split, report and checkpoints. Ends with a checkpoint when `signal` fires (`aborted`), from which
 * `resume` goes on exactly. Throws `bad-input` or `not-found` for data, folder or options that can't be used.
 */
export async function runTraining(options: RunOptions): Promise<RunResult> {
  const { signal, onProgress = () => {} } = options;
  const note = (text: string): void => onProgress({ is: "note", text });
  const given = givenConfig(options);
  const resumed = options.resume ? await resumedRun(options.out, given) : undefined;
  const config = resumed?.config ?? { ...defaultConfig, ...given };
  checkConfig(config);
  const dataset = await openDataset(config.data, { ...(signal && { signal }) });
  for (const text of dataset.notes) note(text);
  const engine = await chooseEngine(config);
  note(`engine ${engine.name} on ${engine.device}: ${engine.reason}`);
  const folder = resumed?.folder ?? (await RunFolder.create(options.out ?? defaultFolder(config), config));
  const model = models[config.model](dataset, config);
  const artifacts = await artifactsOf(model);
  const session = await engine.open({ model, optimizer: config.optimizer, batchSize: config.batchSize });
  model.dispose(); // the session has its own weights
  try {
    const checkpoint = await resumed?.folder.loadLast();
    if (checkpoint) {
      await session.restore(checkpoint.state);
      note(`resuming after epoch ${checkpoint.position.epoch}, step ${checkpoint.position.step}`);
    }
    const trained = await train({
      ...splitsOf(dataset, config),
      session,
      size: dataset,
      labels: dataset.labels,
      recipe: recipes[config.recipe],
      epochs: config.epochs,
      batchSize: config.batchSize,
      learningRate: config.learningRate,
      seed: config.seed,
      store: folder,
      from: checkpoint?.position,
      signal,
      onProgress,
    });
    const evaluation = await evaluate(session, dataset.splits.test, dataset.labels, config.batchSize);
    const { name, device, reason } = engine;
    const facts = { engine: name, device, reason };
    const state = await session.state();
    const files = await writeResults(folder, {
      config,
      dataset,
      trained,
      artifacts,
      state,
      evaluation,
      engine: facts,
      notes: dataset.notes,
      versions: versions(),
    });
    const seconds = trained.position.history.reduce((sum, row) => sum + row.seconds, 0);
    return {
      folder: folder.path,
      evaluation,
      kept: trained.kept,
      epochs: config.epochs,
      seconds,
      engine: { name, device, reason },
      notes: dataset.notes,
      files,
    };
  } finally {
    await session.dispose();
  }
}

function splitsOf({ splits: { train, val } }: Dataset, { joinVal }: RunConfig) {
  return joinVal && val ? { train: joinSplits(train, val), val: undefined } : { train, val };
}

/** The part of the options that `run.json` records, without what isn't given. */
function givenConfig(options: RunOptions): Pick<RunConfig, "data"> & Partial<RunConfig> {
  const keys = ["data", ...(Object.keys(defaultConfig) as (keyof RunConfig)[])] as const;
  return Object.fromEntries(
    keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  ) as unknown as RunConfig; // the keys of RunConfig, those that are there
}

async function resumedRun(
  out: string | undefined,
  given: Partial<RunConfig>,
): Promise<{ folder: RunFolder; config: RunConfig }> {
  if (!out)
    throw new ResonnxError("bad-input", { where: "--resume", what: "which run?", hint: "name its folder with --out" });
  const run = await RunFolder.open(out);
  for (const [key, value] of Object.entries(given)) {
    const before = run.config[key as keyof RunConfig];
    if (before !== value) {
      throw new ResonnxError("bad-input", {
        where: `--${key}`,
        what: "the run began with another value",
        got: `${value}`,
        wanted: `${before}`,
        hint: "leave it out to go on, or start a new run",
      });
    }
  }
  return run;
}

const defaultFolder = ({ model }: RunConfig): string =>
  `runs/${model}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}`;
