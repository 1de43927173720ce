import type { Dataset, Evaluation, Split } from "@resonnx/core";
import { asClasses, mapClasses } from "./labels.ts";
import type { Scores } from "./probabilities.ts";

/** A model's scores against the truth; `labels` are the model's own, if it has them. Throws `bad-input` when classes don't fit. */
export async function judge(
  { values, columns }: Scores,
  labels: readonly string[] | undefined,
  dataset: Dataset,
  split: Split,
): Promise<Evaluation> {
  const { evaluationWithDuplicates } = await import("@resonnx/core");
  const map = mapClasses(labels, dataset.labels, columns);
  const truth = split.labels.map((label) => map.classOf[label]!);
  const judged = { names: split.names, labels: truth };
  return evaluationWithDuplicates(asClasses(values, columns), judged, map.labels, dataset.duplicates);
}
