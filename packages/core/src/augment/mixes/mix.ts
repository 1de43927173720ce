import type { Demand } from "../../check/demand.ts";
import type { Random } from "../../random/random.ts";

/** Two pictures that become one: float32 [height, width, 3] both. */
export interface Pair {
  /** Receives the result. */
  readonly picture: Float32Array;
  /** Stays as it is. */
  readonly other: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A way to make one picture of two; a recipe says the alpha of the Beta(alpha, alpha) that shares are drawn from. */
export interface Mix {
  readonly off: 0;
  readonly demand: Demand;
  /** Mixes so that about `share` of the picture is left; returns how much exactly, the share of its label. */
  mix(pair: Pair, share: number, random: Random): number;
}
