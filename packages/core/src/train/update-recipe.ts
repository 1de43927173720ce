import type { OptimizerConfig, UpdateOptions } from "@resonnx/onnx";
import { type Demand, number, whole } from "../check/demand.ts";

/** The part of a recipe that says how gradients become new weights. */
export interface UpdateRecipe {
  /** What moves the weights, unless a run names another one. Weight decay is for kernels alone, not for biases and scales. */
  readonly optimizer: OptimizerConfig;
  /** The peak of the schedule, unless a run has another one. */
  readonly learningRate: number;
  /** Keeps every number of every gradient within ±clipValue. */
  readonly clipValue?: number | undefined;
  /** Scales all gradients down together where their joint L2 norm exceeds this. */
  readonly clipNorm?: number | undefined;
  /** Steps whose gradients are averaged before weights move. */
  readonly accumulate?: number | undefined;
  /** Keeps moving averages of the weights: validation, test and the run's files then take these. */
  readonly ema?: Averaging | undefined;
  /** Learning rates of single weights: the first rule whose pattern a weight's name matches counts. */
  readonly rates?: readonly RateRule[] | undefined;
}

/** How weights are averaged over steps. */
export interface Averaging {
  /** Share of an average that stays from update to update. */
  readonly momentum: number;
  /** Whether it is at most (1 + t) / (10 + t) after t updates, so that averages forget the start. */
  readonly warmup: boolean;
}

/** What the learning rate of weights is multiplied by. */
export interface RateRule {
  /** A regular expression, of Keras names such as `conv1/kernel`. */
  readonly pattern: string;
  readonly factor: number;
}

/** Usual values of the fields of `ema`. */
export const usualAveraging: Averaging = { momentum: 0.99, warmup: true };

/** What JSON can stand for each field. */
export const UPDATE_FIELDS: { readonly [K in keyof Required<UpdateRecipe>]: Demand } = {
  optimizer: {
    wanted: "an optimizer's name, or an object with its name and options",
    holds: (value) => typeof value === "string" || (isObject(value) && typeof value.name === "string"),
  },
  learningRate: { wanted: "a number above 0", holds: isAboveZero },
  clipValue: { wanted: "a number above 0", holds: isAboveZero },
  clipNorm: { wanted: "a number above 0", holds: isAboveZero },
  accumulate: whole(1),
  ema: { wanted: "an object", holds: isObject },
  rates: {
    wanted: 'a list of { "pattern": a regular expression, "factor": a number from 0 on }',
    holds: (value) => Array.isArray(value) && value.every(isRateRule),
  },
};

/** What JSON can stand for each field of `ema`. */
export const AVERAGING_FIELDS: { readonly [K in keyof Averaging]: Demand } = {
  momentum: number(0, 1, true),
  warmup: { wanted: "true or false", holds: (value) => typeof value === "boolean" },
};

/** A recipe's updates as engines take them. */
export function updateOptionsOf(recipe: UpdateRecipe, optimizer = recipe.optimizer): UpdateOptions {
  const { clipValue, clipNorm, accumulate, ema, rates } = recipe;
  return {
    ...{ optimizer, clipValue, clipNorm, accumulate },
    ...(ema && { ema: ema.momentum, emaWarmup: ema.warmup }),
    ...(rates && { rateFactor: rateFactorOf(rates) }),
  };
}

/** What a weight's learning rate is multiplied by: 1 where no rule matches its name. */
export function rateFactorOf(rules: readonly RateRule[]): (weight: string) => number {
  const matchers = rules.map(({ pattern, factor }) => ({ pattern: new RegExp(pattern), factor }));
  return (weight) => matchers.find(({ pattern }) => pattern.test(weight))?.factor ?? 1;
}

function isRateRule(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).some((key) => key !== "pattern" && key !== "factor")) return false;
  return isPattern(value.pattern) && number(0).holds(value.factor);
}

/** Whether a value is a regular expression's text. */
export function isPattern(value: unknown): boolean {
  try {
    return typeof value === "string" && new RegExp(value) !== undefined;
  } catch {
    return false;
  }
}

function isAboveZero(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
