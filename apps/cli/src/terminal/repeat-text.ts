import type { RepeatResult, Spread } from "@resonnx/core";
import { percent, table } from "./table.ts";

/** A row a run, then what they have in common. */
export function repeatText({ folder, runs, accuracy, loss, withoutDuplicates }: RepeatResult): string {
  const rows = runs.map((run) => [run.name, percent(run.accuracy), run.loss.toFixed(4)]);
  const unseen = withoutDuplicates
    ? `\naccuracy without the pictures that train or val has too: ${spreadText(withoutDuplicates, percent)}`
    : "";
  return [
    table(["Run", "Accuracy", "Loss"], rows),
    `accuracy ${spreadText(accuracy, percent)}${unseen}\nloss ${spreadText(loss, (value) => value.toFixed(4))}`,
    folder,
  ].join("\n\n");
}

function spreadText({ mean, deviation, interval }: Spread, show: (value: number) => string): string {
  const range = interval ? `, 95 % interval ${interval.map(show).join(" to ")}` : "";
  return `mean ${show(mean)}, standard deviation ${show(deviation)}${range}`;
}
