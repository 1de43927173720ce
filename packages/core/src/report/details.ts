import type { Calibration } from "../metrics/calibration.ts";
import { reliabilityChart } from "./charts.ts";
import { Html, html } from "./html.ts";
import { type ShownSet, setFigures } from "./picture-sets.ts";
import { type Facts, factTable, wide } from "./tables.ts";

/** A picture that the model got wrong. */
export interface ShownMistake {
  readonly name: string;
  readonly truth: string;
  readonly predicted: string;
  /** In [0, 1]. */
  readonly confidence: number;
  /** `data:` URL. */
  readonly picture: string;
  /** `data:` URLs of the picture under its heat maps, where there are any. */
  readonly maps?: { readonly predicted: string; readonly truth: string };
}

/** Where the mistakes' heat maps come from: the layer that they show, or why there are none. */
export type HeatMapSource =
  | { readonly layer: string; readonly places: readonly [height: number, width: number] }
  | { readonly missing: string };

/** Pictures of each class in each split: `counts[split][class]`. */
export interface DataSummary {
  readonly labels: readonly string[];
  readonly counts: Readonly<Record<string, readonly number[]>>;
  /** Test pictures that training has seen under another name. */
  readonly duplicates: readonly string[];
  /** Pictures of one split that look like those of another one; absent where nobody looked. */
  readonly near?: NearDuplicates;
}

/** Near duplicates between splits. */
export interface NearDuplicates {
  /** Sets in all. */
  readonly count: number;
  readonly shown: readonly ShownSet[];
}

/** What a report shows besides curves and scores. */
export interface ReportDetails {
  readonly calibration: Calibration;
  /** The surest first. */
  readonly mistakes: readonly ShownMistake[];
  readonly heatMaps: HeatMapSource;
  readonly data: DataSummary;
  /** `data:` URL of what the network sees; undefined when pictures aren't changed. */
  readonly contactSheet: string | undefined;
  /** FLOPs, pictures a second. */
  readonly cost: Facts;
  /** The SVG of `renderPlot`, for a model of layers. */
  readonly architecture?: string;
}

/** The mistakes with where the network looked. */
export function mistakeSection(mistakes: readonly ShownMistake[], heatMaps: HeatMapSource): Html {
  if (mistakes.length === 0) return html`<h2>Worst mistakes</h2>\n<p>None: every picture was named right.</p>`;
  const how =
    "layer" in heatMaps
      ? html`Beside each picture, where the network found what it took the picture for, and where it found the true class: grey nothing, red some, yellow most (Grad-CAM, Selvaraju et al. 2017, of the ${heatMaps.places.join(" x ")} places of “${heatMaps.layer}”).`
      : html`No heat maps: ${heatMaps.missing}.`;
  return html`<h2>Worst mistakes</h2>
<p class="quiet">The surest first. ${how}</p>
<div class="pictures">${mistakes.map(figure)}</div>`;
}

/** The sections of a report's details behind the mistakes, in order. */
export async function detailSections(details: ReportDetails): Promise<Html[]> {
  const { calibration, data, contactSheet, cost, architecture } = details;
  return [
    html`<div class="pair"><section><h2>Calibration</h2>
<p>Expected calibration error ${(100 * calibration.ece).toFixed(2)} %: how far the model's confidence is from how often it is right.</p>
<div class="charts">${await reliabilityChart(calibration)}</div>
<p class="quiet">Bars below the dashed line: surer than right. Numbers: pictures.</p></section>
<section><h2>Data</h2>\n${wide("pictures of each class", dataTable(data))}${duplicates(data)}</section></div>`,
    ...(data.near && data.near.count > 0 ? [nearSection(data.near)] : []),
    html`<h2>What the network sees</h2>\n${
      contactSheet === undefined
        ? html`<p>Training pictures as they are: this recipe changes nothing.</p>`
        : html`<p class="quiet">A column a picture: itself on top, below it the first epochs' changes.</p>\n${wide("changed pictures", html`<img class="sheet" src="${contactSheet}" alt="training pictures and their augmentations">`)}`
    }`,
    html`<h2>Cost</h2>\n${factTable(cost)}`,
    ...(architecture === undefined
      ? []
      : [
          html`<h2>Architecture</h2>\n<details><summary>Show the layers</summary>${wide("architecture", new Html(architecture))}</details>`,
        ]),
  ];
}

function figure({ name, truth, predicted, confidence, picture, maps }: ShownMistake): Html {
  const words = html`<b>${truth}</b>, taken for <b>${predicted}</b> at ${(100 * confidence).toFixed(1)} %`;
  const heat = maps
    ? html`<img src="${maps.predicted}" alt="where it looks like ${predicted}"><img src="${maps.truth}" alt="where it looks like ${truth}">
<small>picture</small><small>why ${predicted}</small><small>why ${truth}</small>`
    : "";
  return html`<figure class="mistake"><img src="${picture}" alt="${name}" title="${name}">${heat}<figcaption>${words}</figcaption></figure>\n`;
}

/** A row a class; how a split's classes are balanced shows as bars. */
function dataTable({ labels, counts }: DataSummary): Html {
  const splits = Object.entries(counts);
  const head = splits.map(([split]) => html`<th scope="col">${split}</th>`);
  const rows = labels.map((label, k) => {
    const cells = splits.map(([, each]) => {
      const share = Math.round((100 * (each[k] ?? 0)) / Math.max(1, ...each));
      return html`<td class="share" style="--share:${share}%">${each[k] ?? 0}</td>`;
    });
    return html`<tr><th scope="row">${label}</th>${cells}</tr>\n`;
  });
  const sums = splits.map(([, each]) => html`<td>${each.reduce((a, b) => a + b, 0)}</td>`);
  return html`<table class="balance"><thead><tr><th scope="col">class</th>${head}</tr></thead><tbody>${rows}<tr><th scope="row">all</th>${sums}</tr></tbody></table>`;
}

function nearSection({ count, shown }: NearDuplicates): Html {
  const some = shown.length < count ? ` The first ${shown.length} of ${count} sets.` : "";
  return html`<h2>Look-alikes in several splits</h2>
<p class="quiet">A model may know such pictures by heart. Each looks like another one of its set.${some}</p>
${setFigures(shown)}`;
}

function duplicates({ duplicates: names }: DataSummary): Html | string {
  if (names.length === 0) return "";
  const list = html`<ul>${names.map((name) => html`<li>${name}</li>`)}</ul>`;
  return html`<details><summary>${names.length} test pictures that are among the training pictures too</summary>${list}</details>`;
}
