import { ResonnxError } from "@resonnx/base";

/** How well a classifier does on labelled pictures; exactly what `resonnx evaluate --json` prints. */
export interface Evaluation {
  /** Mean categorical cross-entropy in nats. */
  readonly loss: number;
  /** Share in [0, 1]. */
  readonly accuracy: number;
  readonly count: number;
  readonly correct: number;
  readonly labels: readonly string[];
  /** `confusion[true][predicted]`, counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly ClassScore[];
  /** The same of the pictures that aren't in train or val as well, where some are and some aren't. */
  readonly withoutDuplicates?: Totals;
}

export type Totals = Pick<Evaluation, "loss" | "accuracy" | "count" | "correct">;

/** Shares in [0, 1], 0 where the division has no sense (a class that was never predicted or never there). */
export interface ClassScore {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  /** 2 * precision * recall / (precision + recall). */
  readonly f1: number;
  /** Pictures of this class. */
  readonly support: number;
}

/** Keras' and tfjs' epsilon: no probability counts as less than this or more than 1 - this. */
const EPSILON = 1e-7;

/**
 * The evaluation of [count, classes] probabilities in rows against class numbers. A tie goes to the first class.
 * Throws `bad-input` when sizes don't fit or there is nothing to judge, `failed` when a value is no probability.
 */
export function evaluation(probabilities: Float32Array, truth: Int32Array, labels: readonly string[]): Evaluation {
  const classes = labels.length;
  check(probabilities, truth, labels);
  const confusion = labels.map(() => labels.map(() => 0));
  let loss = 0;
  truth.forEach((label, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    loss += crossEntropy(row, label);
    confusion[label]![argmax(row)]! += 1;
  });
  const correct = sum(labels.map((_, k) => confusion[k]![k]!));
  return {
    loss: loss / truth.length,
    accuracy: correct / truth.length,
    count: truth.length,
    correct,
    labels: [...labels],
    confusion,
    perClass: labels.map((label, k) => classScore(label, confusion, k)),
  };
}

/** -log of the true class' share, as Keras and tfjs compute it: rows are normalized, then clipped. */
function crossEntropy(row: Float32Array, label: number): number {
  const probability = row[label]! / sum(row);
  return -Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probability)));
}

function classScore(label: string, confusion: readonly (readonly number[])[], k: number): ClassScore {
  const hits = confusion[k]![k]!;
  const support = sum(confusion[k]!);
  const precision = share(hits, sum(confusion.map((row) => row[k]!)));
  const recall = share(hits, support);
  return { label, precision, recall, f1: share(2 * precision * recall, precision + recall), support };
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function argmax(row: Float32Array): number {
  return row.reduce((best, value, i) => (value > row[best]! ? i : best), 0);
}

function check(probabilities: Float32Array, truth: Int32Array, labels: readonly string[]): void {
  const classes = labels.length;
  if (truth.length === 0) throw bad("no pictures to judge", "0", "at least one");
  if (probabilities.length !== truth.length * classes) {
    const wanted = `${truth.length} x ${classes}`;
    throw bad("not a probability for each picture and class", `${probabilities.length} values`, wanted);
  }
  for (const label of truth) {
    if (label < 0 || label >= classes) throw bad("not a class", String(label), `0 to ${classes - 1}`);
  }
  for (let i = 0; i < probabilities.length; i += classes) {
    const row = probabilities.subarray(i, i + classes);
    if (row.every((value) => value >= 0 && Number.isFinite(value)) && sum(row) > 0) continue;
    throw new ResonnxError("failed", {
      where: `evaluation of picture ${i / classes}`,
      what: "the model's outputs are no probabilities",
      got: row.slice(0, 4).join(", "),
      wanted: "values from 0 to 1",
      hint: "does the model end in a softmax, and did its training stay finite?",
    });
  }
}

function bad(what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where: "evaluation", what, got, wanted });
}
