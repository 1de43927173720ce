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

/** Calls over which the rate is measured: enough to even out noise, few enough to follow a change. */
const WINDOW = 20;

/** The rate of the last steps, without the first call, in which sessions are made. */
export class Pace {
  /** With the steps that were done by then. */
  readonly #ticks: { readonly time: number; readonly done: number }[] = [];

  /** Called at the end of each call that did `steps`, with the time in ms. */
  tick(time: number, steps: number): void {
    this.#ticks.push({ time, done: (this.#ticks.at(-1)?.done ?? 0) + steps });
    if (this.#ticks.length > WINDOW + 1) this.#ticks.shift();
  }

  /** 0 before the second call. */
  get stepsPerSecond(): number {
    const [first, last] = [this.#ticks[0], this.#ticks.at(-1)];
    if (first === undefined || last === undefined || last.time <= first.time) return 0;
    return ((last.done - first.done) * 1000) / (last.time - first.time);
  }
}
