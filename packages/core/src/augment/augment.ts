import { ResonnxError } from "@resonnx/base";
import type { Random } from "../random/random.ts";
import { type AugmentRecipe, defaultRecipe, drawAugmentation } from "./recipe.ts";
import { transform } from "./transform.ts";

/** Where the result goes and how far pictures change. */
export interface AugmentOptions {
  readonly width: number;
  readonly height: number;
  readonly recipe?: AugmentRecipe;
  /** Receives the result, a part of a batch for example: width * height * 3 values. */
  readonly out?: Float32Array;
}

/**
 * A picture turned, zoomed, shifted and lit at random: u8 RGB [height, width, 3] in, the same shape with values in
 * [0, 1] out. With `randomFor(seed, epoch, index)` the result doesn't depend on the order of pictures.
 * Throws `bad-input` when a size doesn't fit.
 */
export function augment(rgb: Uint8Array, random: Random, options: AugmentOptions): Float32Array {
  const { width, height, recipe = defaultRecipe, out = new Float32Array(width * height * 3) } = options;
  for (const { length } of [rgb, out]) {
    if (length === width * height * 3) continue;
    const wanted = `${width} x ${height} x 3`;
    throw new ResonnxError("bad-input", {
      where: "augment",
      what: "values don't fit the size",
      got: `${length}`,
      wanted,
    });
  }
  return transform(rgb, width, height, drawAugmentation(random, recipe), out);
}
