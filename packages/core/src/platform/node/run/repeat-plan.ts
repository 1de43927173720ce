import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseJson, ResonnxError, reasonOf } from "@resonnx/base";
import { writeAtomic } from "@resonnx/export";
import { newConfig } from "./new-config.ts";
import { configIn, givenConfig, type RunConfig, type RunOptions } from "./options.ts";
import { checkAgreement, checkSame } from "./resume.ts";
import { entriesOf, isLeftover, readText, undefinedAsNull } from "./run-folder.ts";

/** What several runs differ in. */
const KINDS = ["seeds", "folds"] as const;
export type RepeatKind = (typeof KINDS)[number];

/** What several runs of one configuration have in common: which they are, and which pictures each gets, follows from it. */
export interface RepeatPlan {
  readonly kind: RepeatKind;
  readonly count: number;
  /** As of a run; the first seed where seeds differ. */
  readonly config: RunConfig;
}

/** Its name is none of a run's own files: whoever looks for runs goes on into the folders beside it. */
const FILE = "repeat.json";
/** Runs that make sense to wait for. */
const MOST = 1000;

/**
 * The plan of runs in the folder `out`: a new one, or with `resume` the one that is written there. Throws `bad-input` for
 * a folder that isn't empty, and on resuming for options that contradict what the runs began with.
 */
export async function planOf(out: string, options: RunOptions, kind: RepeatKind, count: number): Promise<RepeatPlan> {
  checkCount(`--${kind}`, count);
  const given = givenConfig(options);
  const begun = await begunPlan(out, options.resume ?? false);
  if (!begun) return { kind, count, config: await newConfig(given) };
  if (begun.kind !== kind)
    throw new ResonnxError("bad-input", {
      where: `--${kind}`,
      what: `the runs in ${out} were begun as --${begun.kind} ${begun.count}`,
      hint: "go on with that, or choose another --out",
    });
  checkSame(kind, count, begun.count);
  checkAgreement(given, begun.config);
  return begun;
}

/** Makes the folder and writes the plan, before the first run begins. */
export async function writePlan(out: string, plan: RepeatPlan): Promise<void> {
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where: out, what: `can't be used: ${reasonOf(cause)}`, cause });
  });
  await writeAtomic(join(out, FILE), `${JSON.stringify(plan, undefinedAsNull, 2)}\n`);
}

/** Undefined when nothing has been written yet. */
async function begunPlan(out: string, resume: boolean): Promise<RepeatPlan | undefined> {
  const entries = (await entriesOf(out)).filter((name) => !isLeftover(name));
  if (entries.length === 0) return undefined;
  if (!resume) {
    const hint = "choose another --out, or go on with --resume";
    throw new ResonnxError("bad-input", { where: out, what: "the folder is not empty", hint });
  }
  const file = join(out, FILE);
  if (!entries.includes(FILE)) {
    const hint =
      "start them without --resume; those of older versions can't go on, as it isn't known what they began with";
    throw new ResonnxError("not-found", { where: file, what: "there are no runs to resume", hint });
  }
  return parsePlan(await readText(file), file);
}

function parsePlan(text: string, where: string): RepeatPlan {
  const value = parseJson(text, where);
  const { kind, count, config } = (typeof value === "object" && value ? value : {}) as Partial<RepeatPlan>;
  const known = KINDS.find((one) => one === kind);
  if (known === undefined || !isCount(count))
    throw new ResonnxError("bad-input", { where, what: "says nothing of several runs", got: text.slice(0, 60) });
  return { kind: known, count, config: configIn(config, where) };
}

const isCount = (count: unknown): count is number =>
  typeof count === "number" && Number.isInteger(count) && count >= 2 && count <= MOST;

function checkCount(where: string, count: number): void {
  if (isCount(count)) return;
  const wanted = `a whole number, 2 to ${MOST}`;
  throw new ResonnxError("bad-input", { where, what: "can't be used", got: `${count}`, wanted });
}
