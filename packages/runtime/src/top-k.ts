import { ResonnxError } from "@resonnx/base";
import type { Prediction } from "./model.ts";

/**
 * The k best labels, best first; equal scores keep the order of the labels. Without labels they are called "0", "1", ...
 * Throws `bad-input` when k isn't a positive whole number or the labels don't match the scores.
 */
export function topK(scores: ArrayLike<number>, labels: readonly string[] | undefined, k: number): Prediction[] {
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new ResonnxError("bad-input", {
      where: "topK",
      what: "not a number of labels",
      got: String(k),
      wanted: "1 or more",
    });
  }
  if (labels && labels.length !== scores.length) {
    throw new ResonnxError("bad-input", {
      where: "resonnx.labels",
      what: "the labels don't match the model's output",
      got: `${labels.length} labels for ${scores.length} scores`,
      hint: "export the model again with the right labels",
    });
  }
  return Array.from(scores, (score, i) => ({ label: labels?.[i] ?? String(i), score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, k);
}
