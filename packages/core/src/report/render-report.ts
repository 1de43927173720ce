import type { Evaluation } from "../metrics/evaluation.ts";
import { charts } from "./charts.ts";
import { detailSections, type ReportDetails } from "./details.ts";
import type { HistoryRow } from "./history.ts";
import { type Html, html } from "./html.ts";
import { style } from "./style.ts";
import { classTable, confusionTable, type Facts, factTable } from "./tables.ts";

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
  const { accuracy, correct, count, loss } = evaluation;
  const curves = history.length === 0 ? [] : await charts(history);
  const sections = details ? await detailSections(details) : [];
  const hasVal = history.some(({ valLoss }) => valLoss !== undefined);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p class="result"><strong>${percent(accuracy)}</strong> right: ${correct} of ${count} (${evaluatedOn}), loss ${loss.toFixed(4)}</p>
${notes.length === 0 ? "" : html`<h2>Notes</h2>\n<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${curves.length === 0 ? "" : html`<h2>Training</h2>\n<p>${legend(hasVal)}</p>\n<div class="charts">${curves}</div>`}
<h2>Confusion matrix</h2>
${confusionTable(evaluation)}
<h2>Per class</h2>
${classTable(evaluation)}
${sections}
<h2>Configuration</h2>
${factTable(config)}
<h2>Versions</h2>
${factTable(versions)}
</body>
</html>
`.text;
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

function legend(hasVal: boolean): Html {
  const train = html`<span class="train">training</span>`;
  return hasVal ? html`${train}, <span class="val">validation (dashed)</span>` : html`${train}, no validation split`;
}
