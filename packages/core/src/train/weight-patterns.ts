import { ResonnxError } from "@resonnx/base";
import type { RateRule } from "./update-recipe.ts";

/** What a run does with single weights. */
export interface WeightRules {
  /** A regular expression: weights of matching names stay as they are. */
  readonly freeze: string | null;
  readonly rates?: readonly RateRule[] | undefined;
}

/** Throws `bad-input` for a pattern that matches no weight, and for one that leaves nothing to train. */
export function checkWeightRules({ freeze, rates = [] }: WeightRules, weights: readonly string[]): void {
  const patterns = [...(freeze === null ? [] : [{ where: "--freeze", pattern: freeze }])];
  patterns.push(...rates.map(({ pattern }) => ({ where: "recipe: rates", pattern })));
  for (const { where, pattern } of patterns) {
    if (weights.some((name) => new RegExp(pattern).test(name))) continue;
    const wanted = `a pattern of names such as ${[weights[0], weights.at(-1)].join(", ")}`;
    throw new ResonnxError("bad-input", { where, what: "matches no weight of the model", got: pattern, wanted });
  }
  if (freeze === null || weights.some((name) => !new RegExp(freeze).test(name))) return;
  throw new ResonnxError("bad-input", { where: "--freeze", what: "leaves nothing to train", got: freeze });
}
