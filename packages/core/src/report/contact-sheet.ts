import { augment } from "../augment/augment.ts";
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

/** A column a picture: itself on top, below what the network sees of it in the first epochs. `rgb` is u8 [pictures, height, width, 3]. */
export function contactSheet(rgb: Uint8Array, options: SheetOptions): Sheet {
  const { width, height, recipe, seed, indices, epochs } = options;
  const sheet = { width: width * indices.length, height: height * (epochs + 1) };
  const out = new Uint8Array(sheet.width * sheet.height * 3);
  const size = width * height * 3;
  const put = (picture: Uint8Array, column: number, row: number): void => {
    for (let y = 0; y < height; y++) {
      const from = ((row * height + y) * sheet.width + column * width) * 3;
      out.set(picture.subarray(y * width * 3, (y + 1) * width * 3), from);
    }
  };
  for (const [column, index] of indices.entries()) {
    const picture = rgb.subarray(column * size, (column + 1) * size);
    put(picture, column, 0);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const seen = augment(picture, randomFor(seed, epoch, index), { width, height, recipe });
      put(
        Uint8Array.from(seen, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255)),
        column,
        epoch + 1,
      );
    }
  }
  return { ...sheet, rgb: out };
}
