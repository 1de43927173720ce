import type { Evaluation, Totals } from "@resonnx/core";
import { percent, table } from "./table.ts";

/** An evaluation for people: the totals, a row a class, and who was taken for whom. */
export function evaluationText(evaluation: Evaluation): string {
  const { loss, accuracy, correct, count, labels, perClass, confusion, withoutDuplicates } = evaluation;
  const scores = perClass.map(({ label, precision, recall, f1, support }) => [
    label,
    percent(precision),
    percent(recall),
    f1.toFixed(4),
    String(support),
  ]);
  const rows = confusion.map((row, k) => [labels[k] ?? "", ...row.map(String)]);
  return [
    `accuracy ${percent(accuracy)} (${correct} of ${count}), loss ${loss.toFixed(4)}${withoutDuplicates ? unseenText(withoutDuplicates) : ""}`,
    table(["Class", "Precision", "Recall", "F1", "Pictures"], scores),
    table(["True \\ predicted", ...labels], rows),
  ].join("\n\n");
}

const unseenText = ({ accuracy, correct, count, loss }: Totals): string =>
  `\nwithout the pictures that train or val has too: accuracy ${percent(accuracy)} (${correct} of ${count}), loss ${loss.toFixed(4)}`;
