import type { StepEvent, TrainEvent } from "../../train/progress.ts";
import type { HistoryRow } from "../history.ts";

/** How a run ended: what came of it in a sentence. */
export interface LiveEnd {
  readonly how: "finished" | "stopped" | "failed";
  readonly text: string;
}

/** What is known of a run that goes on. */
export interface LiveState {
  readonly notes: readonly string[];
  /** Of this run; several runs one after the other begin anew. */
  readonly history: readonly HistoryRow[];
  readonly step?: StepEvent;
  readonly end?: LiveEnd;
}

export const LIVE_START: LiveState = { notes: [], history: [] };

/** Notes that a page keeps; several runs have no end of them. */
const MOST_NOTES = 50;

const after: {
  readonly [K in TrainEvent["is"]]: (state: LiveState, event: Extract<TrainEvent, { is: K }>) => LiveState;
} = {
  note: (state, { text }) => ({ ...state, notes: [...state.notes, text].slice(-MOST_NOTES) }),
  step: (state, step) => ({ ...state, history: before(state.history, step.epoch), step }),
  epoch: (state, { row }) => ({ ...state, history: [...before(state.history, row.epoch), row] }),
};

/** The state after an event of `runTraining`. */
export const nextLiveState = (state: LiveState, event: TrainEvent): LiveState =>
  (after[event.is] as (state: LiveState, event: TrainEvent) => LiveState)(state, event); // each gets its own kind

/** The epochs before one; all of them as long as nothing is repeated. */
const before = (history: readonly HistoryRow[], epoch: number): readonly HistoryRow[] =>
  history.some((row) => row.epoch >= epoch) ? history.filter((row) => row.epoch < epoch) : history;
