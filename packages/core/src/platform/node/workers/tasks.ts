import { type BatchJob, type MadeBatch, makeBatch } from "../../../train/make-batch.ts";
import type { Place } from "../data/files/place.ts";
import { type Decoded, type DecodeJob, decodePlaces } from "./decode-places.ts";
import { type Surveyed, surveyPlaces } from "./survey-places.ts";

/** What a picture worker can do: for each kind of task what it is given and what comes back. */
export interface Tasks {
  decode: { task: DecodeJob; result: Decoded };
  survey: { task: { readonly places: readonly Place[] }; result: readonly Surveyed[] };
  batch: { task: BatchJob; result: MadeBatch };
}

export type TaskKind = keyof Tasks;
export type Task<K extends TaskKind> = Tasks[K]["task"];
export type Result<K extends TaskKind> = Tasks[K]["result"];

/** How each kind is done, and what of its result is handed over instead of copied. */
export const tasks: {
  readonly [K in TaskKind]: {
    run(task: Task<K>): Result<K> | Promise<Result<K>>;
    moved(result: Result<K>): ArrayBuffer[];
  };
} = {
  decode: { run: decodePlaces, moved: ({ rgb }) => [rgb.buffer] },
  survey: { run: surveyPlaces, moved: () => [] },
  batch: { run: makeBatch, moved: ({ inputs, labels }) => [inputs.buffer, labels.buffer] },
};
