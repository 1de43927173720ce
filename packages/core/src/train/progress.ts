import type { HistoryRow } from "../report/history.ts";

/** What a run tells while it goes on. */
export type TrainEvent =
  | { readonly is: "note"; readonly text: string }
  | StepEvent
  | { readonly is: "epoch"; readonly epochs: number; readonly row: HistoryRow };

export interface StepEvent {
  readonly is: "step";
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** From 1, of `steps` in this epoch. */
  readonly step: number;
  readonly steps: number;
  /** Means over this epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
  readonly stepsPerSecond: number;
  /** Until the last epoch ends. */
  readonly secondsLeft: number;
}

/** Steps over which the rate is measured: enough to even out noise, few enough to follow a change. */
const WINDOW = 20;

/** The rate of the last steps, without the first one, in which sessions are made. */
export class Pace {
  readonly #times: number[] = [];

  /** Called at the end of each step, with the time in ms. */
  tick(now: number): void {
    this.#times.push(now);
    if (this.#times.length > WINDOW + 1) this.#times.shift();
  }

  /** 0 before the second step. */
  get stepsPerSecond(): number {
    const [first, last] = [this.#times[0], this.#times.at(-1)];
    if (first === undefined || last === undefined || last <= first) return 0;
    return ((this.#times.length - 1) * 1000) / (last - first);
  }
}
