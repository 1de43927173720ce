import type { Evaluation } from "../metrics/evaluation.ts";
import { type Html, html } from "./html.ts";

/** Rows of a table: a name and its value. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What may be wider than a phone: scrolls by itself, with the keyboard too. */
export const wide = (what: string, content: Html): Html =>
  html`<div class="wide" role="region" aria-label="${what}" tabindex="0">${content}</div>`;

/** Rows are the true classes, columns the predicted ones; a cell is as strong as its share of the row. */
export function confusionTable({ labels, confusion }: Evaluation): Html {
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
  return wide(
    "confusion matrix",
    html`<table class="confusion">
<caption>rows: true class, columns: predicted class</caption>
<thead><tr><td></td>${head}</tr></thead>
<tbody>${rows}</tbody>
</table>`,
  );
}

/** A row a class. */
export function classTable({ perClass }: Evaluation): Html {
  const rows = perClass.map(
    ({ label, precision, recall, f1, support }) =>
      html`<tr><th scope="row">${label}</th>${[precision, recall, f1].map((n) => html`<td>${n.toFixed(4)}</td>`)}<td>${support}</td></tr>\n`,
  );
  const head = ["class", "precision", "recall", "F1", "pictures"].map((name) => html`<th scope="col">${name}</th>`);
  return wide(
    "scores per class",
    html`<table class="scores"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** A row a fact. */
export function factTable(facts: Facts): Html {
  const rows = Object.entries(facts).map(
    ([name, value]) => html`<tr><th scope="row">${breakable(name)}</th><td>${factText(value)}</td></tr>\n`,
  );
  return html`<table class="facts"><tbody>${rows}</tbody></table>`;
}

/** The facts that matter most, large. */
export function tiles(facts: Facts): Html {
  const each = Object.entries(facts).map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${factText(value)}</dd></div>\n`,
  );
  return html`<dl class="tiles">${each}</dl>`;
}

/** `recipe.augment.rotate` may break behind its dots. */
const breakable = (name: string): Html[] =>
  name.split(/(?<=\.)/).map((part, i) => (i === 0 ? html`${part}` : html`<wbr>${part}`));

/** Large numbers with their thousands apart. */
const factText = (value: Facts[string]): string =>
  typeof value === "number" && Math.abs(value) >= 10_000 ? value.toLocaleString("en-US") : String(value);
