import { access } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "@resonnx/export";
import { foldsOf } from "../../../data/folds.ts";
import { groupsBy } from "../../../data/groups.ts";
import { type Spread, spreadOf } from "../../../train/student-t.ts";
import { networkOf } from "./network.ts";
import type { RunOptions } from "./options.ts";
import { planOf, type RepeatPlan, writePlan } from "./repeat-plan.ts";
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
  const plan = await planOf(options.out, options, "seeds", count);
  const seeds = Array.from({ length: count }, (_, i) => plan.config.seed + i);
  return repeat(
    options,
    plan,
    seeds.map((seed) => ({ name: `seed-${seed}`, change: { seed } })),
  );
}

/** Cross-validation: a run for each of `count` parts of train and val, tested on that part. Throws as `runTraining` does. */
export async function runFolds(options: RepeatOptions, count: number): Promise<RepeatResult> {
  const plan = await planOf(options.out, options, "folds", count);
  const { config } = plan;
  const dataset = await runData(config, await networkOf(config, options.build), options);
  const folds = foldsOf(dataset, count, config.seed, config.group === null ? undefined : groupsBy(config.group));
  return repeat(
    options,
    plan,
    folds.map((fold, i) => ({ name: `fold-${i + 1}`, change: { dataset: fold } })),
  );
}

interface Variant {
  readonly name: string;
  readonly change: Partial<RunOptions>;
}

async function repeat(
  { model: _, ...options }: RepeatOptions,
  plan: RepeatPlan,
  variants: readonly Variant[],
): Promise<RepeatResult> {
  const { out, resume = false, onProgress } = options;
  await writePlan(out, plan);
  const { model, ...config } = plan.config;
  const common = { ...options, ...config, ...(config.init === null && { model }) }; // `init` has its own network
  const results: RunResult[] = [];
  for (const { name, change } of variants) {
    onProgress?.({ is: "note", text: `${name}, ${results.length + 1} of ${variants.length}` });
    const folder = join(out, name);
    const begun = resume && (await exists(join(folder, RUN_FILES.config)));
    results.push(await runTraining({ ...common, ...change, out: folder, resume: begun }));
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

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
