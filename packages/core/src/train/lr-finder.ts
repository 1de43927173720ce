import { ResonnxError, throwIfAborted } from "@resonnx/base";
import type { Split } from "../data/dataset.ts";
import type { TrainingSession } from "../engines/engine.ts";
import { NonFiniteLoss } from "../engines/non-finite-loss.ts";
import { Batches, type PictureSize } from "./batches.ts";
import type { Recipe } from "./recipe.ts";

export interface FindRateOptions {
  readonly session: TrainingSession;
  readonly train: Split;
  readonly size: PictureSize;
  readonly labels: readonly string[];
  readonly recipe: Recipe;
  readonly batchSize: number;
  readonly seed: number;
  /** The first and last learning rate, and the steps between them. */
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface RatePoint {
  readonly rate: number;
  /** Of this batch, before the step at this rate. */
  readonly loss: number;
  /** Exponential moving average of the losses. */
  readonly smoothed: number;
}

export interface FoundRate {
  readonly points: readonly RatePoint[];
  /** In the middle of the longest valley of the curve: a rate at which the loss falls steadily (fastai's `valley`, its default). */
  readonly suggestion: number;
  /** Where the loss falls fastest by the logarithm of the rate (fastai's `steep`). */
  readonly steepest: number;
  /** Where the loss was lowest: too large already. */
  readonly lowest: number;
}

/** How much of the average a step keeps, and how many times its least the loss may be before the test ends (fastai's). */
const KEPT = 0.9;
const DIVERGED = 4;
/** The readings leave out the first steps, before the average means anything, and the explosion (fastai: a tenth and five). */
const HEAD_SHARE = 0.1;
const TAIL = 5;
/** Fewer points than this are read whole. */
const ENOUGH = 20;

/**
 * Smith's learning-rate range test (2015, section 3.3): one step at each rate, from small to large, until the loss explodes.
 * The session is spoilt by it. Throws `failed` when not even the first steps give a finite loss, `aborted` by the signal,
 * `bad-input` for rates that don't rise.
 */
export async function findLearningRate(options: FindRateOptions): Promise<FoundRate> {
  const { session, from, to, steps, signal, onProgress } = options;
  if (!(from > 0 && from < to))
    throw new ResonnxError("bad-input", { where: "--from", what: "no rate below --to", got: `${from} to ${to}` });
  const batches = new Batches({ ...options, split: options.train, classes: options.labels.length });
  const points: RatePoint[] = [];
  let average = 0;
  for (let step = 0; step < steps; step++) {
    throwIfAborted(signal, "learning-rate finder");
    const rate = from * (to / from) ** (step / Math.max(1, steps - 1));
    const { batch } = await batches.at(Math.floor(step / batches.steps), step % batches.steps);
    const loss = await session.step(batch, rate).then((result) => result.loss, explosion);
    if (loss === undefined) break;
    average = KEPT * average + (1 - KEPT) * loss;
    const smoothed = average / (1 - KEPT ** (step + 1));
    points.push({ rate, loss, smoothed });
    onProgress?.(step + 1, steps);
    if (smoothed > DIVERGED * Math.min(...points.map((point) => point.smoothed))) break;
  }
  return suggestionOf(points);
}

/** A loss that isn't finite is an end of the test, not an error; anything else is. */
function explosion(error: unknown): undefined {
  if (error instanceof NonFiniteLoss) return undefined;
  throw error;
}

/** What a curve suggests. Throws `failed` when it has too few points. */
export function suggestionOf(points: readonly RatePoint[]): FoundRate {
  if (points.length < 3)
    throw new ResonnxError("failed", {
      where: "learning-rate finder",
      what: "the loss exploded at once",
      got: `${points.length} steps`,
      hint: "begin with a smaller rate",
    });
  const lowest = points.reduce((best, point) => (point.smoothed < best.smoothed ? point : best));
  const read = points.length < ENOUGH ? points : points.slice(Math.floor(HEAD_SHARE * points.length), -TAIL);
  return { points, suggestion: valleyOf(read).rate, steepest: steepestOf(read).rate, lowest: lowest.rate };
}

/** The point behind which the smoothed loss falls most by the logarithm of the rate. */
function steepestOf(points: readonly RatePoint[]): RatePoint {
  const slope = (i: number): number => {
    const [a, b] = [points[i]!, points[i + 1]!];
    return (b.smoothed - a.smoothed) / Math.log(b.rate / a.rate);
  };
  const starts = points.slice(0, -1).map((_, i) => i);
  return points[starts.reduce((best, i) => (slope(i) < slope(best) ? i : best), 0)]!;
}

/**
 * The point about halfway down the longest run of losses each below the one before, not counting those between: fastai's
 * `valley`, index by index.
 */
function valleyOf(points: readonly RatePoint[]): RatePoint {
  const lengths: number[] = [];
  for (const [i, { smoothed }] of points.entries())
    lengths[i] = 1 + Math.max(0, ...lengths.filter((_, j) => points[j]!.smoothed > smoothed));
  const longest = Math.max(...lengths);
  const start = lengths.indexOf(longest) - longest;
  return points[Math.max(0, start + Math.trunc(longest / 3) + Math.trunc(longest / 6))]!;
}
