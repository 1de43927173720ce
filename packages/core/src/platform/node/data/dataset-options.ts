import { ResonnxError } from "@resonnx/base";
import { type GroupOf, groupsBy } from "../../../data/groups.ts";
import { poolOf } from "../workers/shared-pool.ts";
import type { WorkerPool } from "../workers/worker-pool.ts";

/** How a dataset is opened. */
export interface DatasetOptions {
  /** Pixels that every picture is resized to, 64 x 64 when not given. */
  readonly width?: number;
  readonly height?: number;
  /** Bytes for decoded pictures, 1 GiB when not given. What doesn't fit is decoded whenever it is read. */
  readonly memory?: number;
  /** Threads that decode; those of the process when not given, one for each core, up to 8. */
  readonly workers?: number;
  /** A regular expression whose first parentheses tell a picture's group from its file's name: splits that are made here keep groups whole. */
  readonly group?: string | null;
  /** Also find pictures that are identical or look alike (`alike` of the dataset), by 0.2 ms a picture; false when not given. */
  readonly lookAlikes?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each picture that is decoded while the dataset is opened. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The options with their defaults. */
export interface OpenSettings {
  readonly width: number;
  readonly height: number;
  readonly memory: number;
  readonly pool: WorkerPool;
  readonly groupOf: GroupOf | undefined;
  readonly lookAlikes: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** The longest side that pictures can be resized to. */
const MAX_SIDE = 4096;
/** 87,000 pictures of 64 x 64. */
const MEMORY = 1 << 30;
const MAX_WORKERS = 256;

/** Throws `bad-input` on a size or a group that can't be. */
export function settingsOf(options: DatasetOptions): OpenSettings {
  const { width = 64, height = 64, memory = MEMORY, workers, group = null, signal, onProgress = () => {} } = options;
  const { lookAlikes = false } = options;
  checkWhole(width, "width", "a picture's size", MAX_SIDE);
  checkWhole(height, "height", "a picture's size", MAX_SIDE);
  checkWhole(memory, "memory", "a number of bytes", Number.MAX_SAFE_INTEGER);
  if (workers !== undefined) checkWhole(workers, "workers", "a number of threads", MAX_WORKERS);
  const groupOf = group === null ? undefined : groupsBy(group);
  return { width, height, memory, pool: poolOf(workers), groupOf, lookAlikes, signal, onProgress };
}

function checkWhole(value: number, where: string, whose: string, most: number): void {
  if (Number.isInteger(value) && value > 0 && value <= most) return;
  const wanted = `a whole number from 1 to ${most}`;
  throw new ResonnxError("bad-input", { where, what: `not ${whose}`, got: String(value), wanted });
}
