import { type AugmentRecipe, defaultRecipe as augmentation } from "../augment/recipe.ts";
import type { HistoryRow } from "../report/history.ts";
import type { EarlyStopping } from "./early-stopping.ts";
import { type Plateau, plateauFactor } from "./plateau.ts";
import type { UpdateRecipe } from "./update-recipe.ts";

/** How a model is trained, apart from its size and time: a value that the run folder records. */
export interface Recipe extends UpdateRecipe {
  readonly name: string;
  /** Share of each label that is spread evenly over all classes (Szegedy et al. 2016, section 7). */
  readonly labelSmoothing: number;
  readonly augment: AugmentRecipe | undefined;
  readonly schedule: Schedule;
  /** Keras' momentum of batch normalization: a moving average forgets half in log(0.5)/log(momentum) steps. */
  readonly batchNormMomentum: number;
  /** Where the last scale of each residual block starts: with 0 blocks begin as identities (Goyal et al. 2017, section 5.1). */
  readonly residualScale: number;
  /** Which weights the run's files hold: those of the best epoch on the validation split, or the last ones. */
  readonly keep: "best" | "last";
  /** When to stop before the last epoch; never by default. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /** What the loss of each class' pictures is multiplied by: a number a class, or pictures / (classes * pictures of the class). */
  readonly classWeights?: "balanced" | readonly number[] | undefined;
}

/** The learning rate over a run, as a share of its peak. */
export type Schedule =
  | { readonly kind: "constant" }
  /** A linear rise over the first epochs, then half a cosine down to zero at the end (Loshchilov & Hutter 2017). */
  | { readonly kind: "cosine"; readonly warmupEpochs: number }
  | ({ readonly kind: "plateau" } & Plateau);

export const recipes = {
  /** What gives the best accuracy on small sets in few epochs. */
  default: {
    name: "default",
    optimizer: { name: "adam", weightDecay: 0.01 },
    learningRate: 0.001,
    clipNorm: 1,
    ema: { momentum: 0.99, warmup: true },
    labelSmoothing: 0.1,
    augment: augmentation,
    schedule: { kind: "cosine", warmupEpochs: 1 },
    // Keras' 0.99 needs hundreds of steps before evaluation works; small sets have thirty in an epoch.
    batchNormMomentum: 0.9,
    residualScale: 0,
    keep: "best",
  },
  /** The tutorial's protocol to the letter: plain Adam, nothing changed in the pictures, the last weights. */
  tutorial: {
    name: "tutorial",
    optimizer: "adam",
    learningRate: 0.001,
    labelSmoothing: 0,
    augment: undefined,
    schedule: { kind: "constant" },
    batchNormMomentum: 0.99,
    residualScale: 1,
    keep: "last",
  },
} satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof recipes;

/** Where in a run a step stands. */
export interface Moment {
  /** Steps of the run before it. */
  readonly done: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  /** The epochs before it. */
  readonly history: readonly HistoryRow[];
}

/** The learning rate of a step. */
export function learningRateAt(schedule: Schedule, peak: number, moment: Moment): number {
  const { done, stepsPerEpoch, epochs, history } = moment;
  if (schedule.kind === "constant") return peak;
  if (schedule.kind === "plateau") return Math.max(schedule.floor, peak * plateauFactor(history, schedule));
  const warmup = Math.min(schedule.warmupEpochs, epochs / 2) * stepsPerEpoch;
  if (done < warmup) return (peak * (done + 1)) / warmup;
  const progress = (done - warmup) / Math.max(1, epochs * stepsPerEpoch - warmup);
  return (peak / 2) * (1 + Math.cos(Math.PI * progress));
}
