import type { Alike } from "../data/alike.ts";
import { type Html, html } from "../report/html.ts";
import { page } from "../report/page.ts";
import { setFigures, showSets } from "../report/picture-sets.ts";
import { factTable, tiles, wide } from "../report/tables.ts";
import { balanceChart, sizeChart } from "./charts.ts";
import type { DataReport } from "./data-report.ts";
import { findings } from "./findings.ts";

/** What a page shows of long lists; `--json` has all of them. */
const SHOWN = { sets: 24, pictures: 8 };
const ROWS = 100;

/** A data set's report as one page that loads nothing. `thumbnail` gives a picture of that name as a `data:` URL. */
export async function renderDataReport(
  report: DataReport,
  thumbnail: (name: string) => Promise<string>,
): Promise<string> {
  const { name, count, splits, labels, sizes, modes, formats, alike, conflicts, corrupt, groups, notes } = report;
  const found = findings(report);
  const certain = new Set(conflicts);
  const others = alike.filter((set) => !certain.has(set));
  return page(
    `Data: ${name}`,
    html`<h1>${name}</h1>
${tiles({ pictures: count, classes: labels.length, ...Object.fromEntries(splits.map((each) => [each.split, each.count])) })}
<h2>Findings</h2>
${found.length === 0 ? html`<p>Nothing is wrong with it: no duplicates between splits, no contradicting labels, no corrupt pictures.</p>` : list(found)}
${notes.length === 0 ? "" : html`<h2>Notes</h2>\n${list(notes)}`}
<h2>Classes</h2>
<div class="pair">${classTable(report)}<div class="charts"><div><p><span class="train">train</span>, <span class="val">val</span>, <span class="quiet">test</span></p>${await balanceChart(report)}</div></div></div>
<h2>Pictures</h2>
<div class="pair">${factTable({ ...counted("colours", modes), ...counted("format", formats), ...sizeFacts(sizes) })}
${sizes.distinct > 1 ? html`<div class="charts">${await sizeChart(report)}</div>` : html`<p>All are of one size.</p>`}</div>
${await section("Several labels", "Pictures that are the same, or look so, with different labels.", conflicts, thumbnail)}
${await section("Look-alikes", "Pictures that are there several times; each looks like another one of its set.", others, thumbnail)}
${groups && groups.split.length > 0 ? html`<h2>Groups in several splits</h2>\n${factTable(groupRows(groups.split))}` : ""}
${corrupt.length === 0 ? "" : html`<h2>Corrupt pictures</h2>\n${factTable(Object.fromEntries(corrupt.slice(0, ROWS).map((each) => [each.name, each.reason])))}`}`,
  );
}

const list = (sentences: readonly string[]): Html => html`<ul>${sentences.map((each) => html`<li>${each}</li>`)}</ul>`;

const counted = (what: string, counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${what}: ${name}`, count]));

function sizeFacts({ smallest, median, largest, distinct }: DataReport["sizes"]) {
  const text = ({ width, height }: typeof smallest) => `${width} x ${height}`;
  return { smallest: text(smallest), median: text(median), largest: text(largest), "different sizes": distinct };
}

function classTable({ labels, splits }: DataReport): Html {
  const head = splits.map(({ split }) => html`<th scope="col">${split}</th>`);
  const rows = labels.map(
    (label, k) =>
      html`<tr><th scope="row">${label}</th>${splits.map((each) => html`<td>${each.perClass[k]!}</td>`)}</tr>\n`,
  );
  const table = html`<table><thead><tr><th scope="col">class</th>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  return wide("pictures of each class", table);
}

const groupRows = (groups: NonNullable<DataReport["groups"]>["split"]) =>
  Object.fromEntries(
    groups.slice(0, ROWS).map(({ group, counts }) => [
      group,
      Object.entries(counts)
        .map(([split, count]) => `${count} in ${split}`)
        .join(", "),
    ]),
  );

async function section(
  title: string,
  about: string,
  sets: readonly Alike[],
  thumbnail: (name: string) => Promise<string>,
): Promise<Html | ""> {
  if (sets.length === 0) return "";
  const figures = setFigures(await showSets(sets, SHOWN, ({ name }) => thumbnail(name)));
  const more = sets.length > SHOWN.sets ? ` The first ${SHOWN.sets} of ${sets.length} sets.` : "";
  return html`<h2>${title}</h2>\n<p class="quiet">${about}${more}</p>\n${figures}`;
}
