import { choose } from "../choose.ts";
import { adadelta } from "./adadelta.ts";
import { adagrad } from "./adagrad.ts";
import { adam } from "./adam.ts";
import { adamax } from "./adamax.ts";
import { lion } from "./lion.ts";
import { momentum, nesterov } from "./momentum.ts";
import type { Optimizer } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";
import { decaying } from "./weight-decay.ts";

/** Keras' default for AdamW. */
const ADAMW_DECAY = 0.004;

/** Every optimizer, by the name that `--optimizer` takes: what makes it from its options. */
export const optimizers = {
  adadelta: decaying(adadelta),
  adagrad: decaying(adagrad),
  adam: decaying(adam),
  adamax: decaying(adamax),
  adamw: decaying(adam, ADAMW_DECAY),
  lion: decaying(lion),
  momentum: decaying(momentum),
  nesterov: decaying(nesterov),
  rmsprop: decaying(rmsprop),
  sgd: decaying(sgd),
};

export type OptimizerName = keyof typeof optimizers;
type OptionsOf<K extends OptimizerName> = NonNullable<Parameters<(typeof optimizers)[K]>[0]>;

/** An optimizer with options: `{ name: "adamw", weightDecay: 0.01 }`. Every one takes `weightDecay`. */
export type OptimizerOptions = { [K in OptimizerName]: { readonly name: K } & OptionsOf<K> }[OptimizerName];

/** An optimizer by name, or with options. */
export type OptimizerConfig = OptimizerName | OptimizerOptions;

/** The options of each, besides `weightDecay`. */
const OPTIONS: { readonly [K in OptimizerName]: readonly Exclude<keyof OptionsOf<K>, "weightDecay">[] } = {
  adadelta: ["rho", "epsilon"],
  adagrad: ["initialAccumulator", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
  adamax: ["beta1", "beta2", "epsilon"],
  adamw: ["beta1", "beta2", "epsilon"],
  lion: ["beta1", "beta2"],
  momentum: ["momentum"],
  nesterov: ["momentum"],
  rmsprop: ["rho", "momentum", "epsilon", "centered"],
  sgd: [],
};

/** What remains from step to step. */
const SHARES = new Set(["beta1", "beta2", "rho", "momentum"]);

/** The optimizer of a name or of options. Throws `bad-input` for unknown names and for numbers out of range. */
export const optimizerOf = (config: OptimizerConfig): Optimizer =>
  choose({ kind: "optimizer", factories: optimizers, shares: SHARES, optionsOf }, config);

const optionsOf = (name: string): readonly string[] => ["weightDecay", ...OPTIONS[name as OptimizerName]]; // a known name
