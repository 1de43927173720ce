import { ResonnxError } from "@resonnx/base";
import type { Split } from "../data/dataset.ts";
import { permutation, randomFor } from "../random/random.ts";
import { type BatchMaker, type MadeBatch, makeBatch } from "./make-batch.ts";
import type { Recipe } from "./recipe.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Sequences of `randomFor` that belong to an epoch and not to one of its pictures. */
const SHUFFLE = 2 ** 32 - 1;

/** A Batch of pictures with one-hot, smoothed or mixed labels. */
export interface PictureBatch extends MadeBatch {
  readonly count: number;
}

export interface BatchesOptions {
  readonly split: Split;
  readonly size: PictureSize;
  readonly classes: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly recipe: Recipe;
  /** Where batches are made; here by default. */
  readonly make?: BatchMaker | undefined;
}

/**
 * The training batches of a run. Each depends on the seed, the epoch and its number alone, so that a resumed run sees
 * what an uninterrupted one sees. The last batch of an epoch is as small as what is left.
 */
export class Batches {
  readonly #options: BatchesOptions;
  #order: { readonly epoch: number; readonly indices: Int32Array } | undefined;

  /** Throws `bad-input` naming the first picture whose class the network doesn't have. */
  constructor(options: BatchesOptions) {
    checkClasses(options.split, options.classes);
    this.#options = options;
  }

  /** In an epoch. */
  get steps(): number {
    return Math.ceil(this.#options.split.names.length / this.#options.batchSize);
  }

  /** Batch `step` (from 0) of epoch `epoch` (from 0), with the class numbers of its pictures: of mixed ones, what they show most of. */
  async at(epoch: number, step: number): Promise<{ readonly batch: PictureBatch; readonly truth: Int32Array }> {
    const { split, size, classes, batchSize, seed, recipe, make = makeBatch } = this.#options;
    const { width, height } = size;
    const indices = this.#shuffled(epoch).slice(step * batchSize, (step + 1) * batchSize);
    const truth = indices.map((index) => split.labels[index]!);
    const pixels = await split.read([...indices]);
    const { augment, labelSmoothing } = recipe;
    const job = { pixels, indices, truth, width, height, classes, seed, epoch, augment, labelSmoothing };
    const { inputs, labels } = await make(job);
    return { batch: { inputs, labels, count: indices.length }, truth: mostOf(labels, classes) };
  }

  #shuffled(epoch: number): Int32Array {
    if (this.#order?.epoch !== epoch) {
      const { split, seed } = this.#options;
      this.#order = { epoch, indices: permutation(split.names.length, randomFor(seed, epoch, SHUFFLE)) };
    }
    return this.#order.indices;
  }
}

/** The class with the largest share of each row; the first of several. */
function mostOf(labels: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: labels.length / classes }, (_, row) => {
    const shares = labels.subarray(row * classes, (row + 1) * classes);
    return shares.indexOf(Math.max(...shares));
  });
}

function checkClasses({ labels, names }: Split, classes: number): void {
  const odd = labels.findIndex((label) => label < 0 || label >= classes);
  if (odd < 0) return;
  throw new ResonnxError("bad-input", {
    where: names[odd] ?? `picture ${odd}`,
    what: "its class number",
    got: `${labels[odd]}`,
    wanted: `0 to ${classes - 1}`,
  });
}
