import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { writeAtomic } from "@resonnx/export";
import type { TrainingState } from "../../../engines/engine.ts";
import { formatHistory } from "../../../report/history.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../../train/checkpoint.ts";
import { type Position, START } from "../../../train/position.ts";
import type { CheckpointStore } from "../../../train/train.ts";
import type { RunConfig } from "./options.ts";

/** The files of a run folder, by what they hold. */
export const RUN_FILES = {
  config: "run.json",
  history: "history.csv",
  metrics: "metrics.json",
  report: "report.html",
  onnx: "model.onnx",
  tfjs: "tfjs",
  last: "checkpoints/last.safetensors",
  best: "checkpoints/best.safetensors",
} as const;

/** One run's folder on disk. Every file in it is written whole or not at all. */
export class RunFolder implements CheckpointStore {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** A folder for a new run. Throws `bad-input` when it holds anything. */
  static async create(path: string, config: RunConfig): Promise<RunFolder> {
    const files = await entriesOf(path);
    if (files.length > 0) {
      throw new ResonnxError("bad-input", {
        where: path,
        what: "the run folder is not empty",
        got: `${files.length} entries`,
        hint: "choose another --out, or continue its run with --resume",
      });
    }
    const folder = new RunFolder(path);
    await mkdir(path, { recursive: true });
    await folder.write("config", `${JSON.stringify(config, undefined, 2)}\n`);
    return folder;
  }

  /** The folder of a run that began earlier. Throws `not-found` when there is none. */
  static async open(path: string): Promise<{ folder: RunFolder; config: RunConfig }> {
    const file = join(path, RUN_FILES.config);
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      throw new ResonnxError("not-found", {
        where: file,
        what: "there is no run to resume",
        hint: "start it without --resume",
        cause,
      });
    });
    try {
      return { folder: new RunFolder(path), config: JSON.parse(text) as RunConfig };
    } catch (cause) {
      throw new ResonnxError("bad-input", { where: file, what: `is no JSON: ${reasonOf(cause)}`, cause });
    }
  }

  file(kind: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[kind]);
  }

  write(kind: keyof typeof RUN_FILES, content: string | Uint8Array): Promise<void> {
    return writeAtomic(this.file(kind), content);
  }

  async saveLast(state: TrainingState, position: Position): Promise<void> {
    await this.write("last", encodeCheckpoint({ state, position }));
    await this.write("history", formatHistory(position.history));
  }

  async saveBest(state: TrainingState): Promise<void> {
    await this.write("best", encodeCheckpoint({ state, position: START }));
  }

  async loadBest(): Promise<TrainingState> {
    return (await this.#read("best")).state;
  }

  /** Where the run had come to; undefined when it was stopped before its first checkpoint. */
  async loadLast(): Promise<Checkpoint | undefined> {
    const files = await entriesOf(join(this.path, "checkpoints"));
    return files.includes("last.safetensors") ? this.#read("last") : undefined;
  }

  async #read(kind: "last" | "best"): Promise<Checkpoint> {
    const file = this.file(kind);
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new ResonnxError("not-found", { where: file, what: "the checkpoint can't be read", cause });
    });
    return decodeCheckpoint(bytes, file);
  }
}

/** The names in a folder; none when it does not exist. Throws `bad-input` when it is something else. */
async function entriesOf(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ResonnxError("bad-input", {
      where: path,
      what: `can't be a run folder: ${reasonOf(error)}`,
      cause: error,
    });
  });
}
