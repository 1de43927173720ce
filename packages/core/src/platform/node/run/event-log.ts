import { appendFile, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { writeAtomic } from "@resonnx/export";
import type { HistoryRow } from "../../../report/history.ts";
import { fileHeader, scalarEvent } from "../../../report/tensorboard/events.ts";
import { CURVES, type Curve, epochEvents } from "../../../report/tensorboard/history-events.ts";

/**
 * A run's event files for TensorBoard, `train/` and `validation/` in one folder. Opening one writes the epochs so far anew,
 * since a killed process may have left half a record; then each epoch is appended, as TensorBoard's reader follows files.
 */
export class EventLog {
  readonly #files: { readonly [C in Curve]: string };

  private constructor(files: { readonly [C in Curve]: string }) {
    this.#files = files;
  }

  /** Throws `failed` when the folder can't be written. Earlier epochs get times as if they had followed each other until `now`. */
  static async open(folder: string, history: readonly HistoryRow[], now = Date.now() / 1000): Promise<EventLog> {
    const name = `events.out.tfevents.${Math.floor(now)}.${hostname()}`;
    const log = new EventLog({ train: join(folder, "train", name), validation: join(folder, "validation", name) });
    let time = now - history.reduce((sum, { seconds }) => sum + seconds, 0);
    const pieces: Record<Curve, Uint8Array[]> = { train: [fileHeader(time)], validation: [fileHeader(time)] };
    for (const row of history) {
      time += row.seconds;
      for (const [curve, event] of entriesOf(row, time)) pieces[curve].push(event);
    }
    for (const curve of CURVES) {
      await removeAll(join(folder, curve));
      await writeAtomic(log.#files[curve], ...pieces[curve]);
    }
    return log;
  }

  /** Throws `failed` when it can't be written. */
  async append(row: HistoryRow): Promise<void> {
    for (const [curve, event] of entriesOf(row, Date.now() / 1000)) {
      const file = this.#files[curve];
      await appendFile(file, event).catch((cause: unknown) => {
        throw new ResonnxError("failed", { where: file, what: `can't be written: ${reasonOf(cause)}`, cause });
      });
    }
  }
}

function entriesOf(row: HistoryRow, wallTime: number): [Curve, Uint8Array][] {
  const events = epochEvents(row, wallTime);
  return CURVES.flatMap((curve) => {
    const event = events[curve];
    return event ? [[curve, scalarEvent(event)]] : [];
  });
}

async function removeAll(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ResonnxError("failed", { where: folder, what: `can't be read: ${reasonOf(error)}`, cause: error });
  });
  for (const name of names.filter((each) => each.includes("tfevents"))) await rm(join(folder, name), { force: true });
}
