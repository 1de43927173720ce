import type { Evaluation } from "../metrics/evaluation.ts";
import { charts } from "./charts.ts";
import { detailSections, mistakeSection, type ReportDetails } from "./details.ts";
import { duration } from "./duration.ts";
import type { HistoryRow } from "./history.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { classTable, confusionTable, type Facts, factTable, tiles } from "./tables.ts";

/** What the report of a run shows. */
export interface RunReport {
  readonly title: string;
  readonly history: readonly HistoryRow[];
  readonly evaluation: Evaluation;
  /** What the evaluation was made on, such as "test split, 120 pictures never trained on". */
  readonly evaluatedOn: string;
  readonly config: Facts;
  /** Sentences: how the data was split, what was left out, which weights these are. */
  readonly notes: readonly string[];
  readonly versions: Facts;
  /** Further sections, where they could be made. */
  readonly details?: ReportDetails;
}

/** The report of a run as one HTML page that loads nothing: curves, confusion matrix, scores per class, facts. */
export async function renderReport(report: RunReport): Promise<string> {
  const { title, history, evaluation, evaluatedOn, config, notes, versions, details } = report;
  const { accuracy, correct, count, loss, withoutDuplicates } = evaluation;
  const sections = details ? await detailSections(details) : [];
  return page(
    title,
    html`<h1>${title}</h1>
<p class="result"><strong>${percent(accuracy)}</strong> right: ${correct} of ${count} (${evaluatedOn}), loss ${loss.toFixed(4)}</p>
${withoutDuplicates ? html`<p>Without the pictures that train or val has too: <strong>${percent(withoutDuplicates.accuracy)}</strong>, ${withoutDuplicates.correct} of ${withoutDuplicates.count}</p>` : ""}
${tiles(headline(report))}
${notes.length === 0 ? "" : html`<h2>Notes</h2>\n<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${history.length === 0 ? "" : await trainingSection(history)}
<div class="pair">
<section><h2>Confusion matrix</h2>
${confusionTable(evaluation)}</section>
<section><h2>Per class</h2>
${classTable(evaluation)}</section>
</div>
${details ? mistakeSection(details.mistakes, details.heatMaps) : ""}
${sections}
<h2>Configuration</h2>
${factTable(config)}
<h2>Versions</h2>
${factTable(versions)}`,
  );
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/** The curves of a training, of which `epochs` are to come in all. */
export async function trainingSection(history: readonly HistoryRow[], epochs = history.length): Promise<Html> {
  const validated = history.some(({ valLoss }) => valLoss !== undefined);
  return html`<h2>Training</h2>
<p>${legend(validated)}</p>
<div class="charts">${await charts(history, epochs)}</div>`;
}

function legend(validated: boolean): Html {
  const train = html`<span class="train">training (solid)</span>`;
  return validated ? html`${train}, <span class="val">validation (dashed)</span>` : html`${train}, no validation split`;
}

/** What most readers look for first. */
function headline({ history, evaluation, details }: RunReport): Facts {
  const worst = evaluation.perClass.filter(({ support }) => support > 0).toSorted((a, b) => a.recall - b.recall)[0];
  const seconds = history.reduce((sum, row) => sum + row.seconds, 0);
  return {
    mistakes: evaluation.count - evaluation.correct,
    ...(worst && { "hardest class": `${worst.label}, ${(100 * worst.recall).toFixed(0)} % found` }),
    ...(details && { "calibration error": percent(details.calibration.ece) }),
    ...(history.length > 0 && { epochs: history.length, "training time": duration(seconds) }),
  };
}
