import { duration } from "../duration.ts";
import type { HistoryRow } from "../history.ts";
import { Html, html } from "../html.ts";
import { page } from "../page.ts";
import { trainingSection } from "../render-report.ts";
import { type Facts, tiles, wide } from "../tables.ts";
import type { LiveEnd, LiveState } from "./live-state.ts";

/** Where a live page hears of changes, and the parts that change: their elements' ids are the events' names. */
export const LIVE = { events: "events", now: "now", curves: "curves", end: "end" } as const;

/**
 * The page that shows a run while it goes on, in the look of its report. It reads server-sent events from `events` beside
 * it: `now` and `curves` with the HTML of these parts as a JSON string, and `end`, after which it asks no more.
 */
export async function livePage(title: string, state: LiveState): Promise<string> {
  return page(
    title,
    html`<h1>${title}</h1>
<div id="${LIVE.now}">${new Html(liveNow(state))}</div>
<p id="lost" class="quiet" hidden>The training does not answer any more.</p>
<div id="${LIVE.curves}">${new Html(await liveCurves(state))}</div>`,
    script,
  );
}

const script = new Html(`
const source = new EventSource("${LIVE.events}");
const lost = document.getElementById("lost");
for (const part of ["${LIVE.now}", "${LIVE.curves}"])
  source.addEventListener(part, ({ data }) => { document.getElementById(part).innerHTML = JSON.parse(data); lost.hidden = true; });
source.addEventListener("${LIVE.end}", () => source.close());
source.onerror = () => { lost.hidden = false; };
`);

/** How far the run is: an HTML fragment. */
export function liveNow({ step, history, notes, end }: LiveState): string {
  const list = notes.length === 0 ? "" : html`<h2>Notes</h2>\n<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
  if (!step) return html`<p>${end ? ended(end) : "Preparing."}</p>${list}`.text;
  const done = (step.epoch - 1) * step.steps + step.step;
  const all = step.epochs * step.steps;
  const last = history.at(-1);
  const facts: Facts = {
    epoch: `${step.epoch} of ${step.epochs}`,
    step: `${step.step} of ${step.steps}`,
    loss: step.loss.toFixed(4),
    accuracy: percent(step.accuracy),
    ...(last?.valAccuracy !== undefined && { "validation accuracy": percent(last.valAccuracy) }),
    ...(last && { "learning rate": Number(last.learningRate.toPrecision(3)) }),
    ...(step.stepsPerSecond > 0 && { "steps a second": step.stepsPerSecond.toFixed(2) }),
    ...(!end && step.stepsPerSecond > 0 && { "time left": duration(step.secondsLeft) }),
  };
  return html`<p>${end ? ended(end) : html`<progress max="${all}" value="${done}" aria-label="progress of the training">${percent(done / all)}</progress>`}</p>
${tiles(facts)}
${list}`.text;
}

/** What is known of the epochs so far: an HTML fragment, empty before the first one ends. */
export async function liveCurves({ history, step }: LiveState): Promise<string> {
  if (history.length === 0) return "";
  return html`${await trainingSection(history, step?.epochs)}
<h2>Epochs</h2>
${wide("epochs", epochTable(history))}`.text;
}

const ended = ({ how, text }: LiveEnd) => html`<strong>The training has ${verbs[how]}.</strong> ${text}`;
const verbs: { readonly [K in LiveEnd["how"]]: string } = {
  finished: "finished",
  stopped: "been stopped",
  failed: "failed",
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** The latest first. */
function epochTable(history: readonly HistoryRow[]): Html {
  const head = ["epoch", "loss", "accuracy", "val. loss", "val. accuracy", "time"];
  const rows = history.toReversed().map(({ epoch, loss, accuracy, valLoss, valAccuracy, seconds }) => {
    const cells = [
      loss.toFixed(4),
      percent(accuracy),
      valLoss?.toFixed(4) ?? "",
      valAccuracy === undefined ? "" : percent(valAccuracy),
      duration(seconds),
    ];
    return html`<tr><th scope="row">${epoch}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  });
  return html`<table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}
