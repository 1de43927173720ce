import { ResonnxError } from "@resonnx/base";
import type { Random } from "../random/random.ts";
import { pictureAugmentations } from "./augmentations.ts";
import { Canvas } from "./canvas.ts";
import { defaultRecipe, type PictureRecipe } from "./recipe.ts";
import { render } from "./render.ts";

/** Where the result goes and how far pictures change. */
export interface AugmentOptions {
  readonly width: number;
  readonly height: number;
  readonly recipe?: PictureRecipe;
  /** Receives the result, a part of a batch for example: width * height * 3 values. */
  readonly out?: Float32Array;
}

const NAMES = Object.keys(pictureAugmentations) as (keyof PictureRecipe)[]; // its own keys

/**
 * A picture changed at random: u8 RGB [height, width, 3] in, the same shape with values in [0, 1] out. With
 * `randomFor(seed, epoch, index)` the result depends on those three alone, not on the order of pictures or on who works.
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
  const canvas = new Canvas(rgb, width, height);
  for (const name of NAMES) draw(name, recipe, canvas, random);
  return render(canvas, out);
}

function draw<K extends keyof PictureRecipe>(name: K, recipe: PictureRecipe, canvas: Canvas, random: Random): void {
  pictureAugmentations[name].draw(canvas, recipe[name], random);
}
