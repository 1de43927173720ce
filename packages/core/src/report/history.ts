import { ResonnxError } from "@resonnx/base";

/** One epoch of training. */
export interface HistoryRow {
  /** From 1. */
  readonly epoch: number;
  /** Optimizer steps of this epoch. */
  readonly steps: number;
  /** Seconds that this epoch took. */
  readonly seconds: number;
  /** Seconds of them that the engine waited for pictures; not in history.csv, whose columns are fixed. */
  readonly waiting?: number;
  /** Mean over the epoch's training pictures, as is the accuracy in [0, 1]. */
  readonly loss: number;
  readonly accuracy: number;
  /** After the epoch, on the validation split; absent without one. */
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
}

/**
 * The share of the training time in which the engine waited for pictures, in [0, 1], of the epochs that measured it: those of
 * an earlier version don't count. Undefined when none did.
 */
export function waitingShare(history: readonly HistoryRow[]): number | undefined {
  let [waited, seconds] = [0, 0];
  for (const row of history) {
    if (row.waiting === undefined) continue;
    waited += row.waiting;
    seconds += row.seconds;
  }
  return seconds > 0 ? waited / seconds : undefined;
}

/** The columns of history.csv in order, and where each comes from. */
const columns = [
  ["epoch", "epoch"],
  ["steps", "steps"],
  ["seconds", "seconds"],
  ["loss", "loss"],
  ["accuracy", "accuracy"],
  ["val_loss", "valLoss"],
  ["val_accuracy", "valAccuracy"],
  ["learning_rate", "learningRate"],
] as const satisfies readonly (readonly [string, keyof HistoryRow])[];

const HEADER = columns.map(([column]) => column).join(",");

/** The text of history.csv: a header and a row an epoch, numbers in full so that they read back exactly. */
export function formatHistory(rows: readonly HistoryRow[]): string {
  const lines = rows.map((row) => columns.map(([, key]) => row[key] ?? "").join(","));
  return `${[HEADER, ...lines].join("\n")}\n`;
}

/** The rows of a history.csv; `where` names it in errors. Throws `bad-input` unless epochs count up from 1. */
export function parseHistory(text: string, where = "history.csv"): HistoryRow[] {
  const [header = "", ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== HEADER) throw bad(where, "another header", header, HEADER);
  return lines.map((line, i) => {
    const row = rowOf(line, `${where} line ${i + 2}`);
    if (row.epoch !== i + 1) throw bad(`${where} line ${i + 2}`, "epochs don't count up", `${row.epoch}`, `${i + 1}`);
    return row;
  });
}

function rowOf(line: string, where: string): HistoryRow {
  const cells = line.split(",");
  if (cells.length !== columns.length) throw bad(where, "not a row", line, `${columns.length} cells`);
  const number = (column: (typeof columns)[number][0]): number => {
    const cell = cells[columns.findIndex(([name]) => name === column)]!;
    if (cell === "" || !Number.isFinite(Number(cell))) throw bad(where, `${column} is no number`, cell, "a number");
    return Number(cell);
  };
  const hasVal = cells[5] !== "" || cells[6] !== "";
  return {
    epoch: number("epoch"),
    steps: number("steps"),
    seconds: number("seconds"),
    loss: number("loss"),
    accuracy: number("accuracy"),
    ...(hasVal && { valLoss: number("val_loss"), valAccuracy: number("val_accuracy") }),
    learningRate: number("learning_rate"),
  };
}

function bad(where: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, got: JSON.stringify(got), wanted });
}
