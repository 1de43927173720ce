import type { Calibration } from "../metrics/calibration.ts";
import { reliabilityChart } from "./charts.ts";
import { Html, html } from "./html.ts";
import { type Facts, factTable } from "./tables.ts";

/** A picture that the model got wrong. */
export interface ShownMistake {
  readonly name: string;
  readonly truth: string;
  readonly predicted: string;
  /** In [0, 1]. */
  readonly confidence: number;
  /** `data:` URL. */
  readonly picture: string;
}

/** Pictures of each class in each split: `counts[split][class]`. */
export interface DataSummary {
  readonly labels: readonly string[];
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

/** What a report shows besides curves and scores. */
export interface ReportDetails {
  readonly calibration: Calibration;
  /** The surest first. */
  readonly mistakes: readonly ShownMistake[];
  readonly data: DataSummary;
  /** `data:` URL of what the network sees; undefined when pictures aren't changed. */
  readonly contactSheet: string | undefined;
  /** FLOPs, pictures a second. */
  readonly cost: Facts;
  /** The SVG of `renderPlot`. */
  readonly architecture: string;
}

/** The sections of a report's details, in order. */
export async function detailSections(details: ReportDetails): Promise<Html[]> {
  const { calibration, mistakes, data, contactSheet, cost, architecture } = details;
  const chart = await reliabilityChart(calibration);
  return [
    html`<h2>Calibration</h2>
<p>Expected calibration error ${(100 * calibration.ece).toFixed(2)} %: how far the model's confidence is from how often it is right.</p>
<div class="charts">${chart}</div>`,
    html`<h2>Worst mistakes</h2>\n${mistakes.length === 0 ? html`<p>None.</p>` : html`<div class="pictures">${mistakes.map(figure)}</div>`}`,
    html`<h2>Data</h2>\n<div class="wide">${dataTable(data)}</div>`,
    contactSheet === undefined
      ? html`<p>Training pictures are shown to the network as they are.</p>`
      : html`<h2>What the network sees</h2>\n<p>A column a picture: itself on top, below it the first epochs' changes.</p>\n<div class="wide"><img class="sheet" src="${contactSheet}" alt="training pictures and their augmentations"></div>`,
    html`<h2>Cost</h2>\n${factTable(cost)}`,
    html`<h2>Architecture</h2>\n<details><summary>Show the layers</summary><div class="wide">${new Html(architecture)}</div></details>`,
  ];
}

function figure({ name, truth, predicted, confidence, picture }: ShownMistake): Html {
  const words = html`<b>${truth}</b>, taken for <b>${predicted}</b> at ${(100 * confidence).toFixed(1)} %`;
  return html`<figure><img src="${picture}" alt="${name}" title="${name}"><figcaption>${words}</figcaption></figure>\n`;
}

function dataTable({ labels, counts }: DataSummary): Html {
  const splits = Object.entries(counts);
  const head = splits.map(([split]) => html`<th scope="col">${split}</th>`);
  const rows = labels.map(
    (label, k) =>
      html`<tr><th scope="row">${label}</th>${splits.map(([, each]) => html`<td>${each[k] ?? 0}</td>`)}</tr>\n`,
  );
  const sums = splits.map(([, each]) => html`<td>${each.reduce((a, b) => a + b, 0)}</td>`);
  return html`<table><thead><tr><th scope="col">class</th>${head}</tr></thead><tbody>${rows}<tr><th scope="row">all</th>${sums}</tr></tbody></table>`;
}
