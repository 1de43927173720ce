import { choose } from "../choose.ts";
import { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from "./crossentropy.ts";
import { cosineProximity, kullbackLeiblerDivergence } from "./distribution.ts";
import { categoricalHinge, hinge, squaredHinge } from "./hinge.ts";
import type { Loss } from "./loss.ts";
import {
  huber,
  logcosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from "./regression.ts";

/** Every loss, by tfjs' name: what makes it from its options. */
export const losses = {
  binaryCrossentropy,
  categoricalCrossentropy,
  categoricalHinge,
  cosineProximity,
  hinge,
  huber,
  kullbackLeiblerDivergence,
  logcosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
  sparseCategoricalCrossentropy,
  squaredHinge,
} satisfies Record<string, (options: never) => Loss>;

export type LossName = keyof typeof losses;
type OptionsOf<K extends LossName> = Parameters<(typeof losses)[K]> extends [(infer O)?] ? O : unknown;

/** A loss with options: `{ name: "categoricalCrossentropy", labelSmoothing: 0.1 }`. */
export type LossOptions = { [K in LossName]: { readonly name: K } & OptionsOf<K> }[LossName];

/** A loss by name, or with options. */
export type LossConfig = LossName | LossOptions;

const CROSSENTROPY = ["labelSmoothing", "fromLogits"] as const;

/** The options of each. */
const OPTIONS: { readonly [K in LossName]: readonly (keyof NonNullable<OptionsOf<K>>)[] } = {
  binaryCrossentropy: CROSSENTROPY,
  categoricalCrossentropy: CROSSENTROPY,
  categoricalHinge: [],
  cosineProximity: [],
  hinge: [],
  huber: ["delta"],
  kullbackLeiblerDivergence: [],
  logcosh: [],
  meanAbsoluteError: [],
  meanAbsolutePercentageError: [],
  meanSquaredError: [],
  meanSquaredLogarithmicError: [],
  poisson: [],
  sparseCategoricalCrossentropy: CROSSENTROPY,
  squaredHinge: [],
};

/** The loss of a name or of options. Throws `bad-input` for unknown names and options, and for numbers out of range. */
export const lossOf = (config: LossConfig): Loss =>
  choose({ kind: "loss", factories: losses, shares: new Set(["labelSmoothing"]), optionsOf }, config);

const optionsOf = (name: string): readonly string[] => OPTIONS[name as LossName]; // a known name
