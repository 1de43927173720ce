import type { Evaluation } from "@resonnx/core";
import { percent, table } from "./table.ts";

/** An evaluation for people: the totals, a row a class, and who was taken for whom. */
export function evaluationText({ loss, accuracy, correct, count, labels, perClass, confusion }: Evaluation): string {
  const scores = perClass.map(({ label, precision, recall, f1, support }) => [
    label,
    percent(precision),
    percent(recall),
    f1.toFixed(4),
    String(support),
  ]);
  const rows = confusion.map((row, k) => [labels[k] ?? "", ...row.map(String)]);
  return [
    `accuracy ${percent(accuracy)} (${correct} of ${count}), loss ${loss.toFixed(4)}`,
    table(["Class", "Precision", "Recall", "F1", "Pictures"], scores),
    table(["True \\ predicted", ...labels], rows),
  ].join("\n\n");
}
