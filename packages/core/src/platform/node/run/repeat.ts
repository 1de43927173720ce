import { access, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { writeAtomic } from "@resonnx/export";
import { foldsOf } from "../../../data/folds.ts";
import { groupsBy } from "../../../data/groups.ts";
import { type Spread, spreadOf } from "../../../train/student-t.ts";
import { networkOf } from "./network.ts";
import { checkConfig, configOf, defaultConfig, givenConfig, type RunOptions } from "./options.ts";
import { runData } from "./run-data.ts";
import { RUN_FILES } from "./run-folder.ts";
import { type RunResult, runTraining } from "./run-training.ts";

export interface RepeatOptions extends RunOptions {
  /** Holds a run folder for each run, and `summary.json`. */
  readonly out: string;
}

/** Several runs of one configuration: what `summary.json` holds. */
export interface RepeatResult {
  readonly folder: string;
  /** `seed-1` or `fold-1`: what differs, and the run folder's name. */
  readonly runs: readonly { readonly name: string; readonly accuracy: number; readonly loss: number }[];
  readonly accuracy: Spread;
  readonly loss: Spread;
  /** The accuracy on the test pictures that aren't in train or val as well; absent where there are none that are. */
  readonly withoutDuplicates?: Spread;
}

/** A run for each of `count` seeds from the configuration's on. Throws as `runTraining` does. */
export async function runSeeds(options: RepeatOptions, count: number): Promise<RepeatResult> {
  checkCount("--seeds", count);
  const first = options.seed ?? defaultConfig.seed;
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  return repeat(
    options,
    seeds.map((seed) => ({ name: `seed-${seed}`, change: { seed } })),
  );
}

/** Cross-validation: a run for each of `count` parts of train and val, tested on that part. Throws as `runTraining` does. */
export async function runFolds(options: RepeatOptions, count: number): Promise<RepeatResult> {
  checkCount("--folds", count);
  const config = configOf(givenConfig(options));
  checkConfig(config);
  const dataset = await runData(config, await networkOf(config, options.build), options);
  const folds = foldsOf(dataset, count, config.seed, config.group === null ? undefined : groupsBy(config.group));
  return repeat(
    options,
    folds.map((fold, i) => ({ name: `fold-${i + 1}`, change: { dataset: fold } })),
  );
}

interface Variant {
  readonly name: string;
  readonly change: Partial<RunOptions>;
}

async function repeat(options: RepeatOptions, variants: readonly Variant[]): Promise<RepeatResult> {
  const { out, resume = false, onProgress } = options;
  await openFolder(out, resume);
  const results: RunResult[] = [];
  for (const { name, change } of variants) {
    onProgress?.({ is: "note", text: `${name}, ${results.length + 1} of ${variants.length}` });
    const folder = join(out, name);
    const begun = resume && (await exists(join(folder, RUN_FILES.config)));
    results.push(await runTraining({ ...options, ...change, out: folder, resume: begun }));
  }
  const runs = results.map(({ evaluation: { accuracy, loss } }, i) => ({ name: variants[i]!.name, accuracy, loss }));
  const unseen = results.flatMap(({ evaluation }) => evaluation.withoutDuplicates?.accuracy ?? []);
  const summary = {
    folder: out,
    runs,
    accuracy: spreadOf(runs.map(({ accuracy }) => accuracy)),
    loss: spreadOf(runs.map(({ loss }) => loss)),
    ...(unseen.length > 0 && { withoutDuplicates: spreadOf(unseen) }),
  };
  await writeAtomic(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

/** Makes the folder; without `resume` it must be empty. */
async function openFolder(path: string, resume: boolean): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    const entries = await readdir(path);
    if (resume || entries.length === 0) return;
    const hint = "choose another --out, or go on with --resume";
    throw new ResonnxError("bad-input", { where: path, what: "the folder is not empty", hint });
  } catch (cause) {
    if (cause instanceof ResonnxError) throw cause;
    throw new ResonnxError("bad-input", { where: path, what: `can't be used: ${reasonOf(cause)}`, cause });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs that make sense to wait for. */
const MOST = 1000;

function checkCount(where: string, count: number): void {
  if (Number.isInteger(count) && count >= 2 && count <= MOST) return;
  const wanted = `a whole number, 2 to ${MOST}`;
  throw new ResonnxError("bad-input", { where, what: "can't be used", got: `${count}`, wanted });
}
