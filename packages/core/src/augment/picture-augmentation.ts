import type { Demand } from "../check/demand.ts";
import type { Random } from "../random/random.ts";
import type { Canvas } from "./canvas.ts";

/** A way to change a picture at random. */
export interface PictureAugmentation<V> {
  /** The value of a recipe that leaves pictures as they are. */
  readonly off: V;
  /** What a recipe may say. */
  readonly demand: Demand;
  /** Adds its change to the canvas. Draws as many numbers whatever `value` is, so that a recipe's fields don't influence each other. */
  draw(canvas: Canvas, value: V, random: Random): void;
}

/** Uniform within `most` to either side of 0. */
export const around = (most: number, random: Random): number => (random() * 2 - 1) * most;
