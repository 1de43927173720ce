import { adam } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { momentum, sgd } from "./sgd.ts";

/** Every optimizer, by the name that `--optimizer` takes. */
export const optimizers = { adam, momentum, sgd } satisfies Record<string, Optimizer>;
export type OptimizerName = keyof typeof optimizers;
