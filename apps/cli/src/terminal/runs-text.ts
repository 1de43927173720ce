import type { Difference, RunSummary } from "@resonnx/core";
import { duration } from "./progress.ts";
import { percent, table } from "./table.ts";

/** A row a run. */
export function listText(runs: readonly RunSummary[]): string {
  const rows = runs.map((run) => [run.folder, run.config.model, run.config.recipe.name, run.state, ...facts(run)]);
  return table(["Run", "Model", "Recipe", "State", ...FACTS], rows);
}

/** What two runs differ in, and how well they did. */
export function compareText(a: RunSummary, b: RunSummary, differences: readonly Difference[]): string {
  const [left, right] = [facts(a), facts(b)];
  const results = FACTS.map((name, i) => [name, left[i]!, right[i]!]);
  const options = differences.map((each) => [each.name, each.a ?? "", each.b ?? ""]);
  const same = options.length === 0 ? "the same configuration" : table(["Option", a.folder, b.folder], options);
  return [same, table(["Result", a.folder, b.folder], results)].join("\n\n");
}

const FACTS = ["Epochs", "Best val accuracy", "Test accuracy", "Test loss", "Time"];

function facts({ config, history, result }: RunSummary): string[] {
  const best = history.reduce<number | undefined>(
    (most, { valAccuracy }) => (valAccuracy === undefined ? most : Math.max(most ?? 0, valAccuracy)),
    undefined,
  );
  return [
    `${history.length}/${config.epochs}`,
    best === undefined ? "" : percent(best),
    result ? percent(result.accuracy) : "",
    result ? result.loss.toFixed(4) : "",
    duration(history.reduce((sum, { seconds }) => sum + seconds, 0)),
  ];
}
