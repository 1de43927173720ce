import { type Evaluation, evaluation } from "./evaluation.ts";

/** Labelled pictures that were judged. */
interface Judged {
  readonly names: readonly string[];
  /** Class numbers. */
  readonly labels: Int32Array;
}

/**
 * The evaluation of a split's [count, classes] probabilities, with the totals of those pictures alone whose names aren't
 * among `duplicates`: what a model has seen in training tells nothing of what it has learned. Throws as `evaluation` does.
 */
export function evaluationWithDuplicates(
  probabilities: Float32Array,
  { names, labels: truth }: Judged,
  labels: readonly string[],
  duplicates: readonly string[],
): Evaluation {
  const all = evaluation(probabilities, truth, labels);
  const repeated = new Set(duplicates);
  const rows = [...truth.keys()].filter((row) => !repeated.has(names[row]!));
  if (rows.length === 0 || rows.length === truth.length) return all;
  const classes = labels.length;
  const some = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    some.set(probabilities.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  const rest = evaluation(
    some,
    Int32Array.from(rows, (row) => truth[row]!),
    labels,
  );
  const { loss, accuracy, count, correct } = rest;
  return { ...all, withoutDuplicates: { loss, accuracy, count, correct } };
}
