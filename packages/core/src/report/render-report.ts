import type { Evaluation } from "../metrics/evaluation.ts";
import { charts } from "./charts.ts";
import type { HistoryRow } from "./history.ts";
import { type Html, html } from "./html.ts";
import { style } from "./style.ts";

/** Rows of a table: a name and its value. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

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
}

/** The report of a run as one HTML page that loads nothing: curves, confusion matrix, scores per class, facts. */
export async function renderReport(report: RunReport): Promise<string> {
  const { title, history, evaluation, evaluatedOn, config, notes, versions } = report;
  const { accuracy, correct, count, loss } = evaluation;
  const curves = history.length === 0 ? [] : await charts(history);
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

/** Rows are the true classes, columns the predicted ones; a cell is as strong as its share of the row. */
function confusionTable({ labels, confusion }: Evaluation): Html {
  const rows = labels.map((label, k) => {
    const row = confusion[k]!;
    const total = Math.max(
      1,
      row.reduce((a, b) => a + b, 0),
    );
    const cells = row.map(
      (n, j) =>
        html`<td class="${j === k ? "hit" : "miss"}" style="--share:${Math.round((100 * n) / total)}%">${n}</td>`,
    );
    return html`<tr><th scope="row">${label}</th>${cells}</tr>\n`;
  });
  const head = labels.map((label) => html`<th scope="col">${label}</th>`);
  return html`<div class="wide"><table class="confusion">
<caption>rows: true class, columns: predicted class</caption>
<thead><tr><th></th>${head}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}

function classTable({ perClass }: Evaluation): Html {
  const rows = perClass.map(
    ({ label, precision, recall, f1, support }) =>
      html`<tr><th scope="row">${label}</th>${[precision, recall, f1].map((n) => html`<td>${n.toFixed(4)}</td>`)}<td>${support}</td></tr>\n`,
  );
  const head = ["class", "precision", "recall", "f1", "pictures"].map((name) => html`<th scope="col">${name}</th>`);
  return html`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

function factTable(facts: Facts): Html {
  const rows = Object.entries(facts).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${String(value)}</td></tr>\n`,
  );
  return html`<table class="facts"><tbody>${rows}</tbody></table>`;
}
