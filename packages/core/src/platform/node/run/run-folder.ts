import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { writeAtomic } from "@resonnx/export";
import type { TrainingState } from "../../../engines/engine.ts";
import { formatHistory } from "../../../report/history.ts";
import { type Checkpoint, checkpointPieces, decodeCheckpoint } from "../../../train/checkpoint.ts";
import { type Position, START } from "../../../train/position.ts";
import type { CheckpointStore } from "../../../train/train.ts";
import { parseConfig, type RunConfig } from "./options.ts";
import { RunLock } from "./run-lock.ts";

/** The files of a run folder, by what they hold. */
export const RUN_FILES = {
  lock: "run.lock",
  config: "run.json",
  history: "history.csv",
  metrics: "metrics.json",
  report: "report.html",
  onnx: "model.onnx",
  tfjs: "tfjs",
  checkpoints: "checkpoints",
  tensorboard: "tensorboard",
} as const;

const LAST = "last.safetensors";
const bestOf = (epoch: number): string => `best-${epoch}.safetensors`;
const BEST = /^best-\d+\.safetensors$/;
/** What `writeAtomic` leaves when its process is killed. */
const LEFTOVER = /^\..*\.tmp$/;

/**
 * One run's folder on disk, locked until it is closed. Every file in it is written whole or not at all, and in an order
 * that leaves a run to resume whenever the process ends: the best epoch's weights have a file of their own, `last` names
 * that epoch, and only then the best ones before go.
 */
export class RunFolder implements CheckpointStore {
  readonly path: string;
  readonly #lock: RunLock;

  private constructor(path: string, lock: RunLock) {
    this.path = path;
    this.#lock = lock;
  }

  /** A folder for a new run. Throws `bad-input` when it holds anything, or when another run is about to begin there. */
  static async create(path: string, config: RunConfig): Promise<RunFolder> {
    await refuseFull(path);
    await mkdir(path, { recursive: true }).catch((cause: unknown) => {
      throw new ResonnxError("bad-input", { where: path, what: `can't be a run folder: ${reasonOf(cause)}`, cause });
    });
    const folder = new RunFolder(path, await RunLock.take(join(path, RUN_FILES.lock)));
    return folder.#guarded(async () => {
      await refuseFull(path);
      await folder.#tidy();
      await folder.write("config", `${JSON.stringify(config, undefinedAsNull, 2)}\n`);
      return folder;
    });
  }

  /**
   * The folder of a run that began earlier; undefined when that was stopped before it had written anything. Throws
   * `not-found` when there is none, `bad-input` while another process works there.
   */
  static async open(path: string): Promise<{ folder: RunFolder; config: RunConfig } | undefined> {
    const entries = await entriesOf(path);
    if (entries.length > 0 && entries.every(isLeftover)) return undefined;
    const file = join(path, RUN_FILES.config);
    if (!entries.includes(RUN_FILES.config)) {
      const hint = "start it without --resume";
      throw new ResonnxError("not-found", { where: file, what: "there is no run to resume", hint });
    }
    const folder = new RunFolder(path, await RunLock.take(join(path, RUN_FILES.lock)));
    return folder.#guarded(async () => {
      await folder.#tidy();
      return { folder, config: parseConfig(await readText(file), file) };
    });
  }

  /** Takes a run away that has no checkpoint yet, so that its folder can be used again; whether it did. */
  async withdraw(): Promise<boolean> {
    if ((await entriesOf(this.file("checkpoints"))).length > 0) return false;
    for (const kind of ["config", "tensorboard"] as const) await rm(this.file(kind), { force: true, recursive: true });
    return true;
  }

  /** Lets other processes in. */
  close(): Promise<void> {
    return this.#lock.release();
  }

  file(kind: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[kind]);
  }

  write(kind: keyof typeof RUN_FILES, content: string | Uint8Array): Promise<void> {
    return writeAtomic(this.file(kind), content);
  }

  async saveLast(state: TrainingState, position: Position): Promise<void> {
    await writeAtomic(this.#checkpoint(LAST), ...checkpointPieces({ state, position }));
    await this.settle(position);
  }

  /** Brings what follows from the last checkpoint up to it: a process may have been killed just behind that. */
  async settle(position: Position): Promise<void> {
    await this.write("history", formatHistory(position.history));
    const kept = position.best && bestOf(position.best.epoch);
    await this.#removeCheckpoints((name) => BEST.test(name) && name !== kept);
  }

  async saveBest(state: TrainingState, epoch: number): Promise<void> {
    await writeAtomic(this.#checkpoint(bestOf(epoch)), ...checkpointPieces({ state, position: START }));
  }

  async loadBest(epoch: number): Promise<TrainingState> {
    return (await this.#read(bestOf(epoch))).state;
  }

  /** Where the run had come to; undefined when it was stopped before its first checkpoint. */
  async loadLast(): Promise<Checkpoint | undefined> {
    const files = await entriesOf(this.file("checkpoints"));
    return files.includes(LAST) ? this.#read(LAST) : undefined;
  }

  async #read(name: string): Promise<Checkpoint> {
    const file = this.#checkpoint(name);
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new ResonnxError("not-found", { where: file, what: "the checkpoint can't be read", cause });
    });
    return decodeCheckpoint(bytes, file);
  }

  #checkpoint(name: string): string {
    return join(this.file("checkpoints"), name);
  }

  /** Takes away what a killed process has left half written. */
  async #tidy(): Promise<void> {
    await this.#removeCheckpoints((name) => LEFTOVER.test(name));
    for (const folder of [this.path, this.file("tfjs")])
      for (const name of (await entriesOf(folder)).filter((each) => LEFTOVER.test(each)))
        await rm(join(folder, name), { force: true });
  }

  async #removeCheckpoints(which: (name: string) => boolean): Promise<void> {
    const names = (await entriesOf(this.file("checkpoints"))).filter(which);
    for (const name of names) await rm(this.#checkpoint(name), { force: true });
  }

  /** Gives the lock back when `work` throws. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}

/** A part of a recipe that is switched off stays so when it is read again. */
export const undefinedAsNull = (_key: string, value: unknown): unknown => (value === undefined ? null : value);

/** What a process that was killed may leave in a folder before it has written anything. */
export const isLeftover = (name: string): boolean => name === RUN_FILES.lock || LEFTOVER.test(name);

/** Throws `bad-input` for a folder that holds anything but what a process that was stopped at once leaves. */
export async function refuseFull(path: string): Promise<void> {
  const files = (await entriesOf(path)).filter((name) => !isLeftover(name));
  if (files.length === 0) return;
  const goesOn = await RunLock.isTaken(join(path, RUN_FILES.lock));
  throw new ResonnxError("bad-input", {
    where: path,
    what: "the run folder is not empty",
    got: `${files.length} entries`,
    hint: goesOn
      ? "a run works there now: choose another --out"
      : "choose another --out, or continue its run with --resume",
  });
}

export const readText = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where: file, what: `can't be read: ${reasonOf(cause)}`, cause });
  });

/** The names in a folder; none when it does not exist. Throws `bad-input` when it is something else. */
export async function entriesOf(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ResonnxError("bad-input", {
      where: path,
      what: `can't be a run folder: ${reasonOf(error)}`,
      cause: error,
    });
  });
}
