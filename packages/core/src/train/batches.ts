import { ResonnxError } from "@resonnx/base";
import { augment } from "../augment/augment.ts";
import { mixBatch, randomForMixing } from "../augment/mix-batch.ts";
import type { Split } from "../data/dataset.ts";
import { permutation, randomFor } from "../random/random.ts";
import type { Recipe } from "./recipe.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const CHANNELS = 3;
/** Sequences of `randomFor` that belong to an epoch and not to one of its pictures. */
const SHUFFLE = 2 ** 32 - 1;

/** A Batch of pictures with one-hot, smoothed or mixed labels. */
export interface PictureBatch {
  /** float32 [count, height, width, channels] */
  readonly inputs: Float32Array;
  /** float32 [count, classes] */
  readonly labels: Float32Array;
  readonly count: number;
}

/** Pictures as the network takes them: u8 to float32 in [0, 1]. */
export const scaled = (pixels: Uint8Array): Float32Array => Float32Array.from(pixels, (value) => value / 255);

/**
 * The training batches of a run. Each depends on the seed, the epoch and its number alone, so that a resumed run sees
 * what an uninterrupted one sees. The last batch of an epoch is as small as what is left.
 */
export class Batches {
  readonly #split: Split;
  readonly #size: PictureSize;
  readonly #classes: number;
  readonly #batchSize: number;
  readonly #seed: number;
  readonly #recipe: Recipe;
  #order: { readonly epoch: number; readonly indices: Int32Array } | undefined;

  /** Throws `bad-input` naming the first picture whose class the network doesn't have. */
  constructor(options: {
    split: Split;
    size: PictureSize;
    classes: number;
    batchSize: number;
    seed: number;
    recipe: Recipe;
  }) {
    checkClasses(options.split, options.classes);
    this.#split = options.split;
    this.#size = options.size;
    this.#classes = options.classes;
    this.#batchSize = options.batchSize;
    this.#seed = options.seed;
    this.#recipe = options.recipe;
  }

  /** In an epoch. */
  get steps(): number {
    return Math.ceil(this.#split.names.length / this.#batchSize);
  }

  /** Batch `step` (from 0) of epoch `epoch` (from 0), with the class numbers of its pictures: of mixed ones, what they show most of. */
  async at(epoch: number, step: number): Promise<{ readonly batch: PictureBatch; readonly truth: Int32Array }> {
    const indices = this.#shuffled(epoch).subarray(step * this.#batchSize, (step + 1) * this.#batchSize);
    const pixels = await this.#split.read([...indices]);
    const truth = Int32Array.from(indices, (index) => this.#split.labels[index]!);
    const inputs = this.#pictures(pixels, indices, epoch);
    const labels = this.#smoothed(truth);
    const recipe = this.#recipe.augment;
    if (recipe) {
      const randoms = Array.from(indices, (index) => randomForMixing(this.#seed, epoch, index));
      mixBatch({ pictures: inputs, labels, ...this.#size }, recipe, randoms);
    }
    return { batch: { inputs, labels, count: indices.length }, truth: mostOf(labels, this.#classes) };
  }

  #shuffled(epoch: number): Int32Array {
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, indices: permutation(this.#split.names.length, randomFor(this.#seed, epoch, SHUFFLE)) };
    }
    return this.#order.indices;
  }

  #pictures(pixels: Uint8Array, indices: Int32Array, epoch: number): Float32Array {
    const recipe = this.#recipe.augment;
    if (!recipe) return scaled(pixels);
    const length = this.#size.width * this.#size.height * CHANNELS;
    const pictures = new Float32Array(pixels.length);
    for (const [slot, index] of indices.entries()) {
      const [from, to] = [slot * length, (slot + 1) * length];
      augment(pixels.subarray(from, to), randomFor(this.#seed, epoch, index), {
        ...this.#size,
        recipe,
        out: pictures.subarray(from, to),
      });
    }
    return pictures;
  }

  #smoothed(truth: Int32Array): Float32Array {
    const share = this.#recipe.labelSmoothing;
    const labels = new Float32Array(truth.length * this.#classes).fill(share / this.#classes);
    for (const [row, label] of truth.entries()) labels[row * this.#classes + label]! += 1 - share;
    return labels;
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
