import { augment } from "../augment/augment.ts";
import { mixBatch, randomForMixing } from "../augment/mix-batch.ts";
import type { AugmentRecipe } from "../augment/recipe.ts";
import { randomFor } from "../random/random.ts";

/** A picture: u8 RGB [height, width, 3]. */
export interface Sheet {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface SheetOptions {
  readonly width: number;
  readonly height: number;
  readonly recipe: AugmentRecipe;
  /** As in training. */
  readonly seed: number;
  /** Of each picture in its split. */
  readonly indices: readonly number[];
  /** How many changes of each picture are shown. */
  readonly epochs: number;
}

/**
 * A column a picture: itself on top, below what the network sees of it in the first epochs; a recipe that mixes pictures
 * mixes those of a row. `rgb` is u8 [pictures, height, width, 3].
 */
export function contactSheet(rgb: Uint8Array, options: SheetOptions): Sheet {
  const { width, height, indices, epochs } = options;
  const sheet = { width: width * indices.length, height: height * (epochs + 1) };
  const out = new Uint8Array(sheet.width * sheet.height * 3);
  const rows = [rgb, ...Array.from({ length: epochs }, (_, epoch) => seenIn(epoch, rgb, options))];
  for (const [row, pictures] of rows.entries()) {
    for (let line = 0; line < indices.length * height; line++) {
      const [column, y] = [Math.floor(line / height), line % height];
      const to = ((row * height + y) * sheet.width + column * width) * 3;
      out.set(pictures.subarray(line * width * 3, (line + 1) * width * 3), to);
    }
  }
  return { ...sheet, rgb: out };
}

/** The pictures as a batch of an epoch has them, in levels. */
function seenIn(epoch: number, rgb: Uint8Array, { width, height, recipe, seed, indices }: SheetOptions): Uint8Array {
  const size = width * height * 3;
  const pictures = new Float32Array(rgb.length);
  for (const [slot, index] of indices.entries()) {
    const [from, to] = [slot * size, (slot + 1) * size];
    const out = pictures.subarray(from, to);
    augment(rgb.subarray(from, to), randomFor(seed, epoch, index), { width, height, recipe, out });
  }
  const randoms = indices.map((index) => randomForMixing(seed, epoch, index));
  mixBatch({ pictures, labels: new Float32Array(indices.length), width, height }, recipe, randoms);
  return Uint8Array.from(pictures, (value) => Math.round(value * 255));
}
