import { ResonnxError } from "@resonnx/base";
import type { Arithmetic, Ranked } from "../optimizers/arithmetic.ts";
import { type OptimizerConfig, optimizerOf } from "../optimizers/index.ts";
import { averaged } from "./average.ts";
import { clippedByNorm, clippedByValue } from "./clip.ts";
import { SLOTS } from "./names.ts";

/** How gradients become new weights. */
export interface UpdateOptions {
  readonly optimizer: OptimizerConfig;
  /** Keeps every number of every gradient within ±clipValue. */
  readonly clipValue?: number | undefined;
  /** Scales all gradients down together where their joint L2 norm exceeds this; after `clipValue`. */
  readonly clipNorm?: number | undefined;
  /** Gradients of so many steps are averaged before weights move: large batches in little memory. */
  readonly accumulate?: number | undefined;
  /** Keeps moving averages of all weights, statistics of normalizations too: average = ema · average + (1 - ema) · weight. Slot `ema`. */
  readonly ema?: number | undefined;
  /** Averages forget faster at first: after t updates by at most (1 + t) / (10 + t), as TensorFlow's with `num_updates`. */
  readonly emaWarmup?: boolean | undefined;
  /** What a parameter's learning rate is multiplied by, from its name `conv1/kernel`; 1 by default. */
  readonly rateFactor?: ((parameter: string) => number) | undefined;
}

/** One trained parameter at a step. */
export interface Trained<T> {
  readonly name: string;
  readonly parameter: T;
  readonly gradient: T;
  /** In the order of the phase's `slots`. */
  readonly slots: readonly T[];
}

/** What becomes of it; without `parameter` it stays. */
export interface Renewed<T> {
  readonly parameter?: T;
  readonly slots: readonly T[];
}

/** What one step does with its gradients. */
export interface Phase {
  /** Arrays for each trained parameter, zero at first. */
  readonly slots: readonly string[];
  /** Scalar inputs, and their values at step `step` (from 1). */
  readonly scalars: readonly string[];
  schedule(learningRate: number, step: number): readonly number[];
  /** Parameters of one rank and one factor are treated alike, element by element: several may be renewed as one array. */
  readonly factor: (parameter: string) => number;
  apply<T extends Ranked>(
    math: Arithmetic<T>,
    all: readonly Trained<T>[],
    scalars: readonly (T | number)[],
  ): Renewed<T>[];
  /** The next moving average of an array that other means than gradients renew; absent where none are kept. */
  average?<T extends Ranked>(math: Arithmetic<T>, average: T, next: T, scalars: readonly (T | number)[]): T;
}

export const PHASES = ["accumulate", "update"] as const;
export type PhaseName = (typeof PHASES)[number];

/** The update of a training, for any engine. Without `accumulate`, every step is of phase `update`, which has all slots. */
export interface UpdateRule {
  readonly phases: Readonly<Record<PhaseName, Phase>>;
  /** Of step `step`, from 1. */
  phaseAt(step: number): PhaseName;
  /** How many times weights have moved after `step` steps. */
  updates(step: number): number;
}

/** Throws `bad-input` for an option out of range. */
export function updateRule(options: UpdateOptions): UpdateRule {
  checkRange(options);
  const { accumulate: every = 1 } = options;
  const update = every === 1 ? updating(options, 1) : finishing(updating(options, every), every);
  return {
    phases: { accumulate: accumulating(every), update },
    phaseAt: (step) => (step % every === 0 ? "update" : "accumulate"),
    updates: (step) => Math.floor(step / every),
  };
}

/** The sum of gradients goes on, or starts anew: `kept` is 0 at the first step of a group. */
const accumulating = (every: number): Phase => ({
  slots: [SLOTS.gradient],
  scalars: ["kept"],
  factor: () => 1,
  schedule: (_rate, step) => [(step - 1) % every === 0 ? 0 : 1],
  apply: (math, all, [kept]) =>
    all.map(({ gradient, slots: [sum] }) => ({ slots: [math.add(math.mul(sum!, kept!), gradient)] })),
});

/** An update by the mean of the gradients summed up so far and this step's. */
function finishing(update: Phase, every: number): Phase {
  const sums = accumulating(every);
  const { average } = update;
  return {
    slots: [...sums.slots, ...update.slots],
    scalars: [...sums.scalars, ...update.scalars],
    factor: update.factor,
    schedule: (rate, step) => [...sums.schedule(rate, step), ...update.schedule(rate, step)],
    apply(math, all, [kept, ...scalars]) {
      const summed = sums.apply(math, all, [kept!]).map(({ slots: [sum] }) => sum!);
      const means = all.map((item, i) => ({
        ...item,
        gradient: math.mul(summed[i]!, 1 / every),
        slots: item.slots.slice(1),
      }));
      const renewed = update.apply(math, means, scalars);
      return renewed.map(({ slots, ...rest }, i) => ({ ...rest, slots: [summed[i]!, ...slots] }));
    },
    ...(average && { average: (math, before, next, scalars) => average(math, before, next, scalars.slice(1)) }),
  };
}

/** Clipping, then the optimizer's move, then the moving average. `every`: steps for one update. */
function updating(options: UpdateOptions, every: number): Phase {
  const { clipValue, clipNorm, ema, emaWarmup = false, rateFactor = () => 1 } = options;
  const optimizer = optimizerOf(options.optimizer);
  const moving: Phase = {
    slots: optimizer.slots,
    scalars: optimizer.scalars,
    factor: rateFactor,
    schedule: (rate, step) => optimizer.schedule(rate, step / every),
    apply(math, all, scalars) {
      let gradients = all.map(({ gradient }) => gradient);
      if (clipValue !== undefined) gradients = clippedByValue(math, gradients, clipValue);
      if (clipNorm !== undefined) gradients = clippedByNorm(math, gradients, clipNorm);
      return all.map(({ name, parameter, slots }, i) => {
        const moved = optimizer.update(math, { parameter, gradient: gradients[i]!, slots, scalars });
        const factor = rateFactor(name);
        const move = factor === 1 ? moved.move : math.mul(moved.move, factor);
        return { parameter: math.sub(parameter, move), slots: moved.slots };
      });
    },
  };
  return ema === undefined ? moving : averaged(moving, { momentum: ema, warmup: emaWarmup }, every);
}

function checkRange({ clipValue, clipNorm, accumulate, ema }: UpdateOptions): void {
  const refuse = (what: string, got: number, wanted: string): never => {
    throw new ResonnxError("bad-input", { where: "update", what, got: `${got}`, wanted });
  };
  for (const [what, value] of Object.entries({ clipValue, clipNorm }))
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) refuse(what, value, "a number above 0");
  if (ema !== undefined && !(ema >= 0 && ema < 1)) refuse("ema", ema, "a number from 0 up, below 1");
  if (accumulate !== undefined && !(Number.isSafeInteger(accumulate) && accumulate >= 1))
    refuse("accumulate", accumulate, "a number of steps from 1 up");
}
