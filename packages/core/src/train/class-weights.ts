import { ResonnxError } from "@resonnx/base";
import type { Recipe } from "./recipe.ts";

/**
 * A number for each class, as the engine takes them. "balanced" is scikit-learn's: pictures / (classes * pictures of the
 * class), and 0 for a class without any. Throws `bad-input` when there isn't a weight for each class.
 */
export function classWeightsOf(
  wanted: Recipe["classWeights"],
  truth: Int32Array,
  labels: readonly string[],
): readonly number[] | undefined {
  if (wanted === undefined) return undefined;
  if (wanted !== "balanced") {
    if (wanted.length === labels.length) return wanted;
    const what = `a weight for each class: ${labels.join(", ")}`;
    const [got, expected] = [`${wanted.length}`, `${labels.length}`];
    throw new ResonnxError("bad-input", { where: "class weights", what, got, wanted: expected });
  }
  const counts = labels.map(() => 0);
  for (const label of truth) counts[label]! += 1;
  return counts.map((count) => (count === 0 ? 0 : truth.length / (labels.length * count)));
}
