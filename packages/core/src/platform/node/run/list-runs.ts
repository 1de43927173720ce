import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseJson, ResonnxError, reasonOf } from "@resonnx/base";
import { type HistoryRow, parseHistory } from "../../../report/history.ts";
import { parseConfig, type RunConfig } from "./options.ts";
import { RUN_FILES } from "./run-folder.ts";
import { RunLock } from "./run-lock.ts";

/** One run folder as its files tell. */
export interface RunSummary {
  readonly folder: string;
  readonly state: "running" | "finished" | "stopped";
  readonly config: RunConfig;
  readonly history: readonly HistoryRow[];
  /** Of metrics.json: what was measured on the test split; undefined before the end. */
  readonly result: RunMetrics | undefined;
  /** When the run began, ms since 1970. */
  readonly began: number;
}

export interface RunMetrics {
  readonly accuracy: number;
  readonly loss: number;
  readonly count: number;
  /** The epoch whose weights these are. */
  readonly epoch: number;
}

/** How deep runs may lie below the folder that is listed: `runs/x/seed-1` lies two below `runs`. */
const DEPTH = 3;

/** The run in a folder. Throws `not-found` when there is none, `bad-input` for files that aren't a run's. */
export async function readRun(folder: string): Promise<RunSummary> {
  const file = (kind: keyof typeof RUN_FILES): string => join(folder, RUN_FILES[kind]);
  const config = await textOf(file("config"));
  if (config === undefined)
    throw new ResonnxError("not-found", { where: folder, what: "there is no run", wanted: `a ${RUN_FILES.config}` });
  const [history, metrics] = [await textOf(file("history")), await textOf(file("metrics"))];
  const result = metrics === undefined ? undefined : metricsOf(metrics, file("metrics"));
  const running = await RunLock.isTaken(file("lock"));
  return {
    folder,
    state: running ? "running" : result ? "finished" : "stopped",
    config: parseConfig(config, file("config")),
    history: history === undefined ? [] : parseHistory(history, file("history")),
    result,
    began: (await stat(file("config"))).mtimeMs,
  };
}

/** Every run in and below a folder, oldest first; what can't be read is told to `onBroken`. Throws `not-found` without the folder. */
export async function listRuns(path: string, onBroken: (error: ResonnxError) => void): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw new ResonnxError("not-found", { where: folder, what: `can't be listed: ${reasonOf(cause)}`, cause });
    });
    if (entries.some(({ name }) => name === RUN_FILES.config)) {
      const run = await readRun(folder).catch(brokenTo(onBroken));
      if (run) runs.push(run);
      return;
    }
    if (depth === DEPTH) return;
    const below = entries.filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name));
    for (const { name } of below) await visit(join(folder, name), depth + 1);
  };
  await visit(path, 0);
  return runs.sort((a, b) => a.began - b.began);
}

const brokenTo = (onBroken: (error: ResonnxError) => void) => (error: unknown) => {
  if (!(error instanceof ResonnxError)) throw error;
  onBroken(error);
  return undefined;
};

/** Undefined when there is no such file. */
async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new ResonnxError("bad-input", { where: file, what: `can't be read: ${reasonOf(error)}`, cause: error });
  });
}

function metricsOf(text: string, where: string): RunMetrics {
  const value = parseJson(text, where);
  const { accuracy, loss, count, epoch } = (typeof value === "object" && value ? value : {}) as Partial<RunMetrics>;
  if ([accuracy, loss, count, epoch].every((number) => typeof number === "number"))
    return { accuracy, loss, count, epoch } as RunMetrics; // all four are numbers
  throw new ResonnxError("bad-input", { where, what: "is no run's metrics", got: text.slice(0, 60) });
}
