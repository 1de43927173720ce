import { ResonnxError } from "@resonnx/base";
import type { Dataset, Split } from "../../../data/dataset.ts";
import { joinSplits } from "../../../data/split.ts";
import { averagedState } from "../../../engines/averaged.ts";
import type { Engine, TrainableModel, TrainingState } from "../../../engines/engine.ts";
import type { Evaluation } from "../../../metrics/evaluation.ts";
import { evaluationWithDuplicates } from "../../../metrics/evaluation-with-duplicates.ts";
import { predictSplit } from "../../../train/evaluate.ts";
import { type CheckpointStore, type Trained, train } from "../../../train/train.ts";
import { batchesIn } from "../workers/make-batches.ts";
import { poolOf } from "../workers/shared-pool.ts";
import { checkSplits } from "./check-splits.ts";
import { EventLog } from "./event-log.ts";
import { type ModelForms, modelForms, titleOf } from "./model-forms.ts";
import { buildModel, disposeModel, engineFor, type Network, networkOf, seeing } from "./network.ts";
import { newConfig } from "./new-config.ts";
import { givenConfig, type RunConfig, type RunOptions } from "./options.ts";
import { writeResults } from "./results.ts";
import { resumedRun } from "./resume.ts";
import { runData, runNotes } from "./run-data.ts";
import { RunFolder, refuseFull } from "./run-folder.ts";
import { trainingJob, updateOf } from "./training-job.ts";
import { versions } from "./versions.ts";
import { writeStep } from "./write-step.ts";

/** Between checkpoints inside an epoch. */
const CHECKPOINT_SECONDS = 600;

export interface RunResult {
  readonly folder: string;
  /** On the test split. */
  readonly evaluation: Evaluation;
  readonly kept: Trained["kept"];
  /** Trained: fewer than were asked for after an early stop. */
  readonly epochs: number;
  /** Of training and validation, over all sittings. */
  readonly seconds: number;
  readonly engine: Pick<Engine, "name" | "device" | "reason">;
  readonly notes: readonly string[];
  /** All that was written for the user, most important first. */
  readonly files: readonly string[];
}

/**
 * Trains a network on labelled pictures and leaves a run folder: the model as .onnx, tfjs and Keras .h5, history, metrics
 * of the test split, report and checkpoints. Ends with a checkpoint when `signal` fires (`aborted`), from which
 * `resume` goes on exactly. Throws `bad-input` or `not-found` for data, folder or options that can't be used.
 */
export async function runTraining(options: RunOptions): Promise<RunResult> {
  const given = givenConfig(options);
  const resumed = options.resume ? await resumedRun(options.out, given) : undefined;
  try {
    return await runIn(resumed?.folder, resumed?.config ?? (await newConfig(given)), options);
  } finally {
    await resumed?.folder.close();
  }
}

/** The run of a configuration, in a new folder unless there is one already. */
async function runIn(open: RunFolder | undefined, config: RunConfig, options: RunOptions): Promise<RunResult> {
  const { onProgress = () => {} } = options;
  const note = (text: string): void => onProgress({ is: "note", text });
  if (!open && options.out !== undefined) await refuseFull(options.out); // before pictures are read
  const network = await networkOf(config, options.build);
  const dataset = await runData(config, network, options);
  for (const text of runNotes(dataset)) note(text);
  checkSplits(dataset, ["train", "test"]);
  const engine = await engineFor(network, config);
  note(`engine ${engine.name} on ${engine.device}: ${engine.reason}`);
  const model = await buildModel(network, dataset, config);
  const forms = await modelForms(model);
  const folder = open ?? (await RunFolder.create(options.out ?? defaultFolder(config), config));
  try {
    return await trainIn(folder, {
      config,
      dataset,
      network,
      engine,
      model,
      forms,
      note,
      options: { ...options, onProgress },
    });
  } catch (error) {
    const withdrawn = folder !== open && (await folder.withdraw());
    throw withdrawn ? error : resumable(error);
  } finally {
    if (folder !== open) await folder.close();
  }
}

/** An error that a run was stopped with tells how it goes on. */
function resumable(error: unknown): unknown {
  if (!(error instanceof ResonnxError && error.code === "aborted")) return error;
  return new ResonnxError("aborted", {
    ...error.facts,
    hint: "its checkpoint is written: --resume goes on from there",
  });
}

interface Work {
  readonly config: RunConfig;
  readonly dataset: Dataset;
  readonly network: Network;
  readonly engine: Engine;
  readonly model: TrainableModel;
  readonly forms: ModelForms;
  readonly note: (text: string) => void;
  readonly options: RunOptions;
}

async function trainIn(folder: RunFolder, work: Work): Promise<RunResult> {
  const { config, dataset, network, engine, model, note, options } = work;
  const { labels } = dataset;
  const { accumulate: _, ...update } = updateOf(config);
  const step = { ...update, batchSize: config.batchSize, device: engine.device };
  const stepFiles = options.saveStep ? await writeStep(options.saveStep, model, step) : [];
  const splits = splitsOf(dataset, config);
  const job = trainingJob(config, model, { ...splits, labels }, options.saveMemory);
  const session = seeing(network, await engine.open(job));
  disposeModel(model); // the session has its own weights
  let ended: Ended;
  try {
    const checkpoint = await folder.loadLast();
    if (checkpoint) {
      await session.restore(checkpoint.state);
      await folder.settle(checkpoint.position);
      const { epoch, step } = checkpoint.position;
      note(
        epoch < config.epochs
          ? `resuming after epoch ${epoch}, step ${step}`
          : "its epochs are done: the results once more",
      );
    }
    const events = await EventLog.open(folder.file("tensorboard"), checkpoint?.position.history ?? []);
    const trained = await train({
      ...splits,
      ...config,
      session,
      size: dataset,
      labels,
      makeBatch: batchesIn(poolOf(undefined)),
      store: withEvents(folder, events, checkpoint?.position.epoch ?? 0),
      from: checkpoint?.position,
      checkpointSeconds: options.checkpointSeconds ?? CHECKPOINT_SECONDS,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    const { averaged } = trained.kept;
    const { test } = dataset.splits;
    const { signal } = options;
    const probabilities = await predictSplit(session, test, labels.length, config.batchSize, { averaged, signal });
    const state = averagedState(await session.state());
    ended = { ...work, train: splits.train, trained, probabilities, state, stepFiles };
  } finally {
    await session.dispose();
  }
  return finish(folder, ended); // without the session, which has more memory than all that is written
}

/** A training that has come to its end. */
interface Ended extends Work {
  readonly train: Split;
  readonly trained: Trained;
  /** Of the test split. */
  readonly probabilities: Float32Array;
  /** With the weights to keep. */
  readonly state: TrainingState;
  readonly stepFiles: readonly string[];
}

/** Judges the weights on the test split and writes the results. */
async function finish(folder: RunFolder, ended: Ended): Promise<RunResult> {
  const { config, dataset, trained, forms, probabilities, state, stepFiles } = ended;
  const { labels } = dataset;
  const judged = evaluationWithDuplicates(probabilities, dataset.splits.test, labels, dataset.duplicates);
  const { history } = trained.position;
  const { name, device, reason } = ended.engine;
  const files = await writeResults(folder, {
    config,
    dataset,
    trained,
    forms,
    state,
    evaluation: judged,
    engine: { engine: name, device, reason },
    notes: runNotes(dataset),
    versions: versions(),
    channels: ended.network.channels,
    judged: { train: ended.train, probabilities },
  });
  return {
    folder: folder.path,
    evaluation: judged,
    kept: trained.kept,
    epochs: history.length,
    seconds: history.reduce((sum, row) => sum + row.seconds, 0),
    engine: { name, device, reason },
    notes: runNotes(dataset),
    files: [...files, ...stepFiles],
  };
}

/** The folder's checkpoints, and an event for each epoch once it is saved: a resumed run must not tell one twice. */
function withEvents(folder: RunFolder, events: EventLog, told: number): CheckpointStore {
  let epoch = told;
  return {
    saveBest: (state, best) => folder.saveBest(state, best),
    loadBest: (best) => folder.loadBest(best),
    async saveLast(state, position) {
      await folder.saveLast(state, position);
      for (const row of position.history.slice(epoch)) await events.append(row);
      epoch = position.history.length;
    },
  };
}

function splitsOf({ splits: { train, val } }: Dataset, { joinVal }: RunConfig) {
  return joinVal && val ? { train: joinSplits(train, val), val: undefined } : { train, val };
}

const defaultFolder = ({ model }: RunConfig): string =>
  `runs/${titleOf(model)}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}`;
