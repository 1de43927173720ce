import type { RunResult } from "@resonnx/core";
import type { ParityResult } from "@resonnx/parity";
import { parityText } from "../terminal/parity-text.ts";
import { percent, table } from "../terminal/table.ts";
import { runText } from "../terminal/training-text.ts";
import type { ClassifiedHeldOut } from "./held-out.ts";

/** All that the quickstart did, in its order, and what to do next. */
export function quickstartText(
  run: RunResult,
  parity: ParityResult,
  classified: readonly ClassifiedHeldOut[],
  report: string,
): string {
  const rows = classified.map(({ file, label, predictions: [best] }) => [
    file,
    label,
    best?.label ?? "",
    percent(best?.score ?? 0),
  ]);
  return [
    parityText(parity),
    table(["Held-out picture", "True", "Predicted", "Score"], rows),
    runText(run),
    `Training report: ${run.folder}/report.html\nParity report:   ${report}`,
    `Next: resonnx predict ${run.folder} PICTURE...  or  resonnx serve --model signs=${run.folder}`,
  ].join("\n\n");
}
