import { augment } from "../augment/augment.ts";
import { mixBatch, randomForMixing } from "../augment/mix-batch.ts";
import type { AugmentRecipe } from "../augment/recipe.ts";
import { randomFor } from "../random/random.ts";

const CHANNELS = 3;

/** All that a training batch depends on: plain data, so that any thread can make it. */
export interface BatchJob {
  /** u8 RGB [count, height, width, 3] */
  readonly pixels: Uint8Array;
  /** Each picture's place in its split, which with the seed and the epoch fixes how it is changed. */
  readonly indices: Int32Array;
  /** Each picture's class. */
  readonly truth: Int32Array;
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  readonly augment: AugmentRecipe | undefined;
  /** Share of each label that is spread evenly over all classes. */
  readonly labelSmoothing: number;
}

export interface MadeBatch {
  /** float32 [count, height, width, 3], in [0, 1] */
  readonly inputs: Float32Array<ArrayBuffer>;
  /** float32 [count, classes]: one-hot, smoothed or mixed */
  readonly labels: Float32Array<ArrayBuffer>;
}

/** Makes batches: here, or in a worker. */
export type BatchMaker = (job: BatchJob) => MadeBatch | Promise<MadeBatch>;

/** The pictures of a batch as the network takes them, changed and mixed as the recipe says, with their labels. */
export function makeBatch(job: BatchJob): MadeBatch {
  const { indices, seed, epoch, width, height } = job;
  const inputs = job.augment ? augmented(job, job.augment) : scaled(job.pixels);
  const labels = smoothed(job);
  if (job.augment) {
    const randoms = Array.from(indices, (index) => randomForMixing(seed, epoch, index));
    mixBatch({ pictures: inputs, labels, width, height }, job.augment, randoms);
  }
  return { inputs, labels };
}

/** Pictures as the network takes them: u8 to float32 in [0, 1]. */
export function scaled(pixels: Uint8Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) values[i] = pixels[i]! / 255;
  return values;
}

function augmented({ pixels, indices, seed, epoch, width, height }: BatchJob, recipe: AugmentRecipe) {
  const length = width * height * CHANNELS;
  const pictures = new Float32Array(pixels.length);
  for (const [slot, index] of indices.entries()) {
    const [from, to] = [slot * length, (slot + 1) * length];
    const out = pictures.subarray(from, to);
    augment(pixels.subarray(from, to), randomFor(seed, epoch, index), { width, height, recipe, out });
  }
  return pictures;
}

function smoothed({ truth, classes, labelSmoothing }: BatchJob): Float32Array<ArrayBuffer> {
  const labels = new Float32Array(truth.length * classes).fill(labelSmoothing / classes);
  for (const [row, label] of truth.entries()) labels[row * classes + label]! += 1 - labelSmoothing;
  return labels;
}
