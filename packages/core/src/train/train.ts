import { throwIfAborted } from "@resonnx/base";
import type { Split } from "../data/dataset.ts";
import type { StepResult, TrainingSession, TrainingState } from "../engines/engine.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { Batches, type PictureSize } from "./batches.ts";
import { isBest } from "./best.ts";
import { stopReason } from "./early-stopping.ts";
import { evaluate } from "./evaluate.ts";
import type { BatchMaker } from "./make-batch.ts";
import { type EpochSums, NO_SUMS, type Position, START } from "./position.ts";
import { Pace, type StepEvent, type TrainEvent } from "./progress.ts";
import { AHEAD, ReadAhead } from "./read-ahead.ts";
import { learningRateAt, type Recipe } from "./recipe.ts";
import { soundState } from "./sound-state.ts";

/** Where a run leaves what it must not lose. */
export interface CheckpointStore {
  saveLast(state: TrainingState, position: Position): Promise<void>;
  /** The state after `epoch`, the best one so far; those of earlier ones may go once `saveLast` has named this one. */
  saveBest(state: TrainingState, epoch: number): Promise<void>;
  /** What was saved of that epoch, the best one. */
  loadBest(epoch: number): Promise<TrainingState>;
}

export interface TrainOptions {
  readonly session: TrainingSession;
  readonly train: Split;
  readonly val: Split | undefined;
  readonly size: PictureSize;
  readonly labels: readonly string[];
  readonly recipe: Recipe;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Fixes the order of pictures and their augmentation. */
  readonly seed: number;
  readonly store: CheckpointStore;
  /** Where batches are made; in this thread by default. */
  readonly makeBatch?: BatchMaker | undefined;
  /** Where an interrupted run had come to; the session holds its state already. */
  readonly from?: Position | undefined;
  /** Seconds of training between checkpoints inside an epoch; there are none by default. */
  readonly checkpointSeconds?: number | undefined;
  /** Ends after the step or the batch of validation in progress, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: TrainEvent) => void) | undefined;
}

/** Which weights the session holds after training. */
export interface Trained {
  readonly position: Position;
  readonly kept: {
    readonly weights: "best" | "last";
    readonly epoch: number;
    /** Whether they are its moving averages, which the session keeps beside its own. */
    readonly averaged: boolean;
  };
}

/**
 * Trains to the end of the last epoch; the session then holds the weights that the recipe keeps.
 * A recipe with `ema` wants a session that keeps averages (`updateOptionsOf`). Throws `aborted` by the signal, after a
 * checkpoint; `failed` when the loss isn't finite any more.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { train: split, labels, epochs, recipe, makeBatch: make, session } = options;
  const batches = new Batches({ ...options, split, classes: labels.length, make });
  const { steps } = batches;
  const pace = new Pace();
  let position = options.from ?? START;
  let reason = stopReason(position.history, recipe.earlyStopping);
  const ahead = AHEAD + session.stepsAtOnce - 1;
  const upcoming = new ReadAhead(position.epoch * steps + position.step, epochs * steps, ahead, (index) =>
    batches.at(Math.floor(index / steps), index % steps),
  );
  try {
    while (position.epoch < epochs && reason === undefined) {
      position = await trainEpoch(options, { steps, upcoming, pace }, position);
      reason = stopReason(position.history, recipe.earlyStopping);
    }
  } finally {
    await upcoming.stop();
  }
  if (reason !== undefined) options.onProgress?.({ is: "note", text: reason });
  const averaged = options.recipe.ema !== undefined;
  if (options.recipe.keep === "last" || !position.best)
    return { position, kept: { weights: "last", epoch: position.epoch, averaged } };
  await options.session.restore(await options.store.loadBest(position.best.epoch));
  return { position, kept: { weights: "best", epoch: position.best.epoch, averaged } };
}

/** What a run's epochs have in common. */
interface Course {
  /** In an epoch. */
  readonly steps: number;
  readonly upcoming: ReadAhead<Awaited<ReturnType<Batches["at"]>>>;
  readonly pace: Pace;
}

async function trainEpoch(options: TrainOptions, course: Course, from: Position): Promise<Position> {
  const { session, store, signal, onProgress, checkpointSeconds = Number.POSITIVE_INFINITY } = options;
  const { steps } = course;
  let at = from;
  let savedAt = performance.now();
  while (at.step < steps) {
    if (signal?.aborted) {
      await store.saveLast(await soundState(session), at);
      throwIfAborted(signal, `epoch ${at.epoch + 1}, step ${at.step + 1}`);
    }
    at = await nextSteps(options, course, at);
    onProgress?.(progressOf(at, options.epochs, course));
    if (performance.now() - savedAt > 1000 * checkpointSeconds && at.step < steps) {
      await store.saveLast(await soundState(session), at);
      savedAt = performance.now();
    }
  }
  return closeEpoch(options, steps, at);
}

/** As many steps as the session likes to be given at once, as long as so many are left. */
async function nextSteps(
  options: TrainOptions,
  { steps, upcoming, pace }: Course,
  position: Position,
): Promise<Position> {
  const { session } = options;
  const { step } = position;
  const started = performance.now();
  const taken = await upcoming.take(steps - step < session.stepsAtOnce ? 1 : session.stepsAtOnce);
  const waiting = (performance.now() - started) / 1000;
  const jobs = taken.map(({ batch }, i) => ({ batch, learningRate: rateAt(options, steps, position, step + i) }));
  const results = await session.steps(jobs);
  const now = performance.now();
  pace.tick(now, taken.length);
  let { sums } = position;
  for (const [i, { batch, truth }] of taken.entries()) sums = added(sums, results[i]!, batch.count, truth);
  const seconds = sums.seconds + (now - started) / 1000;
  return { ...position, step: step + taken.length, sums: { ...sums, seconds, waiting: sums.waiting + waiting } };
}

function progressOf({ epoch, step, sums }: Position, epochs: number, { steps, pace }: Course): StepEvent {
  const { stepsPerSecond } = pace;
  const stepsLeft = (epochs - epoch) * steps - step;
  return {
    is: "step",
    epoch: epoch + 1,
    epochs,
    step,
    steps,
    loss: sums.loss / sums.pictures,
    accuracy: sums.correct / sums.pictures,
    stepsPerSecond,
    secondsLeft: stepsPerSecond > 0 ? stepsLeft / stepsPerSecond : 0,
  };
}

const added = (sums: EpochSums, { loss, predictions }: StepResult, count: number, truth: Int32Array): EpochSums => ({
  ...sums,
  loss: sums.loss + loss * count,
  correct: sums.correct + countCorrect(predictions, truth),
  pictures: sums.pictures + count,
});

/** Judges the epoch on the validation split, writes its row and leaves its checkpoints, all of one copy of the state. */
async function closeEpoch(options: TrainOptions, steps: number, position: Position): Promise<Position> {
  const { epoch, sums, history, best } = position;
  const { session, store, epochs, recipe, onProgress } = options;
  const state = await soundState(session); // a split is not judged by weights that are none
  const judged = await judge(options, state, position);
  const row = {
    epoch: epoch + 1,
    steps,
    seconds: sums.seconds,
    waiting: sums.waiting,
    loss: sums.loss / sums.pictures,
    accuracy: sums.correct / sums.pictures,
    ...(judged && { valLoss: judged.loss, valAccuracy: judged.accuracy }),
    learningRate: rateAt(options, steps, position, steps - 1),
  };
  const improved = judged !== undefined && isBest([...history, row], judged.count);
  if (improved && recipe.keep === "best") await store.saveBest(state, epoch + 1);
  onProgress?.({ is: "epoch", epochs, row });
  const closed = {
    epoch: epoch + 1,
    step: 0,
    sums: NO_SUMS,
    history: [...history, row],
    best: improved ? { epoch: epoch + 1, accuracy: judged.accuracy, loss: judged.loss } : best,
  };
  await store.saveLast(state, closed);
  return closed;
}

/** What the validation split says. Stopped in its midst, it leaves a checkpoint behind the epoch's last step: a resumed run judges it anew. */
async function judge(options: TrainOptions, state: TrainingState, position: Position): Promise<Evaluation | undefined> {
  const { session, val, labels, batchSize, recipe, store, signal } = options;
  if (!val) return undefined;
  try {
    return await evaluate(session, val, labels, batchSize, { averaged: recipe.ema !== undefined, signal });
  } catch (error) {
    if (signal?.aborted) await store.saveLast(state, position);
    throw error;
  }
}

const rateAt = (
  { recipe, learningRate, epochs }: TrainOptions,
  stepsPerEpoch: number,
  { epoch, history }: Position,
  step: number,
): number =>
  learningRateAt(recipe.schedule, learningRate, { done: epoch * stepsPerEpoch + step, stepsPerEpoch, epochs, history });

function countCorrect(predictions: Float32Array, truth: Int32Array): number {
  const classes = predictions.length / truth.length;
  return truth.reduce((correct, label, row) => {
    const scores = predictions.subarray(row * classes, (row + 1) * classes);
    return correct + (scores.every((score) => score <= scores[label]!) ? 1 : 0);
  }, 0);
}
