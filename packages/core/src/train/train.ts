import { throwIfAborted } from "@resonnx/base";
import type { Split } from "../data/dataset.ts";
import type { TrainingSession, TrainingState } from "../engines/engine.ts";
import { type Evaluation, evaluation } from "../metrics/evaluation.ts";
import { Batches, type PictureSize } from "./batches.ts";
import { isBest } from "./best.ts";
import { stopReason } from "./early-stopping.ts";
import { type BatchMaker, scaled } from "./make-batch.ts";
import { NO_SUMS, type Position, START } from "./position.ts";
import { Pace, type TrainEvent } from "./progress.ts";
import { ReadAhead } from "./read-ahead.ts";
import { learningRateAt, type Recipe } from "./recipe.ts";
import { soundState } from "./sound-state.ts";

/** Batches that are made while the engine works on another: one is ready, one is being made, one evens out large pictures. */
const AHEAD = 3;

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
  /** Ends after the step in progress, with a checkpoint. */
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
  const { train: split, labels, epochs, recipe, makeBatch: make, store, session } = options;
  const batches = new Batches({ ...options, split, classes: labels.length, make });
  const { steps } = batches;
  const pace = new Pace();
  let position = options.from ?? START;
  let reason = stopReason(position.history, recipe.earlyStopping);
  const upcoming = new ReadAhead(position.epoch * steps + position.step, epochs * steps, AHEAD, (index) =>
    batches.at(Math.floor(index / steps), index % steps),
  );
  try {
    while (position.epoch < epochs && reason === undefined) {
      position = await trainEpoch(options, { steps, upcoming, pace }, position);
      await store.saveLast(await soundState(session), position);
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

async function trainEpoch(options: TrainOptions, { steps, upcoming, pace }: Course, from: Position): Promise<Position> {
  const { session, store, signal, epochs, onProgress, checkpointSeconds = Number.POSITIVE_INFINITY } = options;
  const { epoch } = from;
  let { sums } = from;
  let savedAt = performance.now();
  for (let step = from.step; step < steps; step++) {
    if (signal?.aborted) {
      await store.saveLast(await soundState(session), { ...from, step, sums });
      throwIfAborted(signal, `epoch ${epoch + 1}, step ${step + 1}`);
    }
    const started = performance.now();
    const { batch, truth } = await upcoming.next();
    const waiting = (performance.now() - started) / 1000;
    const { loss, predictions } = await session.step(batch, rateAt(options, steps, from, step));
    const now = performance.now();
    pace.tick(now);
    sums = {
      loss: sums.loss + loss * batch.count,
      correct: sums.correct + countCorrect(predictions, truth),
      pictures: sums.pictures + batch.count,
      seconds: sums.seconds + (now - started) / 1000,
      waiting: sums.waiting + waiting,
    };
    const stepsLeft = (epochs - epoch) * steps - step - 1;
    onProgress?.({
      is: "step",
      epoch: epoch + 1,
      epochs,
      step: step + 1,
      steps,
      loss: sums.loss / sums.pictures,
      accuracy: sums.correct / sums.pictures,
      stepsPerSecond: pace.stepsPerSecond,
      secondsLeft: pace.stepsPerSecond > 0 ? stepsLeft / pace.stepsPerSecond : 0,
    });
    if (now - savedAt > 1000 * checkpointSeconds && step + 1 < steps) {
      await store.saveLast(await soundState(session), { ...from, step: step + 1, sums });
      savedAt = performance.now();
    }
  }
  return closeEpoch(options, steps, { ...from, sums });
}

/** Judges the epoch on the validation split and writes its row. */
async function closeEpoch(options: TrainOptions, steps: number, position: Position): Promise<Position> {
  const { epoch, sums, history, best } = position;
  const { session, val, store, epochs, recipe, onProgress } = options;
  if (val) await soundState(session); // a split is not judged by weights that are none
  const averaged = recipe.ema !== undefined;
  const judged = val && (await evaluate(session, val, options.labels, options.batchSize, { averaged }));
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
  if (improved && recipe.keep === "best") await store.saveBest(await soundState(session), epoch + 1);
  onProgress?.({ is: "epoch", epochs, row });
  return {
    epoch: epoch + 1,
    step: 0,
    sums: NO_SUMS,
    history: [...history, row],
    best: improved ? { epoch: epoch + 1, accuracy: judged.accuracy, loss: judged.loss } : best,
  };
}

const rateAt = (
  { recipe, learningRate, epochs }: TrainOptions,
  stepsPerEpoch: number,
  { epoch, history }: Position,
  step: number,
): number =>
  learningRateAt(recipe.schedule, learningRate, { done: epoch * stepsPerEpoch + step, stepsPerEpoch, epochs, history });

export interface PredictSplitOptions {
  /** Whether to take the moving averages of the weights. */
  readonly averaged?: boolean;
  readonly signal?: AbortSignal;
}

/** How well the session's weights do on a split. Throws `bad-input` for an empty one. */
export async function evaluate(
  session: TrainingSession,
  split: Split,
  labels: readonly string[],
  batchSize: number,
  options: PredictSplitOptions = {},
): Promise<Evaluation> {
  return evaluation(await predictSplit(session, split, labels.length, batchSize, options), split.labels, labels);
}

/** The class probabilities [pictures, classes] of a split. */
export async function predictSplit(
  session: TrainingSession,
  split: Split,
  classes: number,
  batchSize: number,
  { averaged = false, signal }: PredictSplitOptions = {},
): Promise<Float32Array> {
  const count = split.names.length;
  const probabilities = new Float32Array(count * classes);
  const steps = Math.ceil(count / batchSize);
  const upcoming = new ReadAhead(0, steps, AHEAD, async (step) => {
    const start = step * batchSize;
    return split.read(Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => start + i));
  });
  try {
    for (let step = 0; step < steps; step++) {
      throwIfAborted(signal, "evaluation");
      const pictures = scaled(await upcoming.next());
      const start = step * batchSize;
      const size = Math.min(batchSize, count - start);
      probabilities.set(await session.predict(pictures, size, { averaged }), start * classes);
    }
  } finally {
    await upcoming.stop();
  }
  return probabilities;
}

function countCorrect(predictions: Float32Array, truth: Int32Array): number {
  const classes = predictions.length / truth.length;
  return truth.reduce((correct, label, row) => {
    const scores = predictions.subarray(row * classes, (row + 1) * classes);
    return correct + (scores.every((score) => score <= scores[label]!) ? 1 : 0);
  }, 0);
}
