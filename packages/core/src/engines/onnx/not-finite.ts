import type { ProbedValue } from "@resonnx/onnx";
import { NonFiniteLoss } from "../non-finite-loss.ts";

interface Blame {
  readonly text: (value: ProbedValue) => string;
  readonly hint: string;
}

const SMALLER = "try a smaller learning rate, or clip gradients (clipNorm)";

/** What is at fault when a value of some kind is the first that isn't finite. */
const blames: { readonly [K in ProbedValue["is"]]: Blame } = {
  input: { text: ({ name }) => `"${name}" of this batch has numbers that are not finite`, hint: "look at the data" },
  weight: { text: ({ name }) => `the weight "${name}" was not finite before the step`, hint: SMALLER },
  layer: { text: ({ name, op }) => `layer "${name}" is the first to give such numbers, in ${op}`, hint: SMALLER },
  node: { text: ({ name, op }) => `node "${name}" (${op}) is the first to give such numbers`, hint: SMALLER },
  loss: { text: ({ op }) => `the loss itself is the first to give such a number, in ${op}`, hint: SMALLER },
};

/** Why training ends at a step; `culprit` is the first value of its forward pass that isn't finite. */
export function notFinite(step: number, loss: number, culprit: ProbedValue | undefined): NonFiniteLoss {
  if (!culprit) return new NonFiniteLoss(step, loss, SMALLER);
  const { text, hint } = blames[culprit.is];
  return new NonFiniteLoss(step, loss, hint, text(culprit));
}
