import type { Dataset, Evaluation, Split } from "@resonnx/core";
import { asClasses, mapClasses } from "./labels.ts";
import type { Scores } from "./probabilities.ts";

export interface Judgement {
  readonly evaluation: Evaluation;
  /** Of the test pictures alone that aren't in train or val as well, where there are any of both. */
  readonly unseen?: Evaluation;
}

/** A model's scores against the truth; `labels` are the model's own, if it has them. Throws `bad-input` when classes don't fit. */
export async function judge(
  { values, columns }: Scores,
  labels: readonly string[] | undefined,
  dataset: Dataset,
  split: Split,
): Promise<Judgement> {
  const { evaluation } = await import("@resonnx/core");
  const map = mapClasses(labels, dataset.labels, columns);
  const probabilities = asClasses(values, columns);
  const truth = split.labels.map((label) => map.classOf[label]!);
  const width = map.labels.length;
  const of = (rows: readonly number[]): Evaluation => {
    const some = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      some.set(probabilities.subarray(row * width, (row + 1) * width), i * width);
    });
    return evaluation(
      some,
      Int32Array.from(rows, (row) => truth[row]!),
      map.labels,
    );
  };
  const all = [...split.names.keys()];
  const duplicates = new Set(dataset.duplicates);
  const unseen = all.filter((row) => !duplicates.has(split.names[row]!));
  const both = unseen.length > 0 && unseen.length < all.length;
  return { evaluation: of(all), ...(both && { unseen: of(unseen) }) };
}
