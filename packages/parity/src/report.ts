import type { BackendReport, OutputReport, ParityResult } from "./result.ts";

/** One self-contained page (no script, nothing fetched), for light and dark screens. */
export function htmlReport(result: ParityResult, title = "Parity report"): string {
  const { ok, reference, referenceProvider, backends } = result;
  const ran = backends.filter(({ status }) => status !== "skipped").length;
  const verdict = ok
    ? "all that ran agree with the reference"
    : ran === 0
      ? "none could run"
      : "not all agree with the reference";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${ok ? "ok" : "differs"}"><strong>${ok ? "OK" : "Not OK"}</strong>: ${ran} of ${backends.length} backends ran; ${verdict}.</p>
<p>Reference: <code>${escapeHtml(reference)}</code>${referenceProvider === null ? "" : ` (${escapeHtml(referenceProvider)})`}</p>
<table>
<thead><tr><th>Backend</th><th>Ran on</th><th>Status</th><th class="n">Rows</th><th class="n">max |difference|</th><th>Same arg-max</th><th class="n">Time</th><th>Reason</th></tr></thead>
<tbody>
${backends.map(backendRow).join("\n")}
</tbody>
</table>
${backends.map(details).join("\n")}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ok: light-dark(#0a6b34, #5dd39e); --differs: light-dark(#b3261e, #ff8a80); --quiet: light-dark(#5f6368, #9aa0a6); --line: light-dark(#dadce0, #3c4043); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; background: light-dark(#fff, #16181b); color: light-dark(#1f2328, #e6e8eb); }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.ok { color: var(--ok); } .differs { color: var(--differs); } .skipped, .quiet { color: var(--quiet); }
code { white-space: nowrap; font: 13px ui-monospace, monospace; }
summary { cursor: pointer; padding: .4rem 0; }
`;

function backendRow({
  name,
  provider,
  status,
  rows,
  maxAbs,
  argmaxAgree,
  milliseconds,
  reason,
  firstDifference,
}: BackendReport): string {
  const agree = argmaxAgree === null ? "" : argmaxAgree ? "yes" : "no";
  const time = status === "skipped" ? "" : `${(milliseconds / 1000).toFixed(2)} s`;
  const plain = [
    `<code>${escapeHtml(name)}</code>`,
    escapeHtml(provider ?? ""),
    `<span class="${status}">${status}</span>`,
  ];
  const why = [reason ?? "", ...(firstDifference ? [firstDifference.text] : [])];
  const numbers = [status === "skipped" ? "" : String(rows), scientific(maxAbs)];
  return `<tr>${cells(plain)}${cells(numbers, "n")}${cells([agree])}${cells([time], "n")}${cells([why.map(escapeHtml).join("<br>")])}</tr>`;
}

function details({ name, status, outputs }: BackendReport): string {
  if (outputs.length === 0) return "";
  return `<details${status === "differs" ? " open" : ""}><summary><code>${escapeHtml(name)}</code>: every output</summary>
<table>
<thead><tr><th>Case</th><th>Output</th><th>Type and shape</th><th class="n">max |difference|</th><th class="n">allowed</th><th>First values (reference / here)</th><th></th></tr></thead>
<tbody>
${outputs.map(outputRow).join("\n")}
</tbody>
</table>
</details>`;
}

function outputRow({ case: name, output, type, shape, comparison }: OutputReport): string {
  const { agree, reason, maxAbs, limit, first } = comparison;
  const pairs = first.map(({ reference, actual }) => `${short(reference)} / ${short(actual)}`).join("<br>");
  const verdict = agree ? `<span class="ok">ok</span>` : `<span class="differs">${escapeHtml(reason ?? "")}</span>`;
  const declared = `${escapeHtml(type)} [${shape.join(", ")}]`;
  const names = cells([escapeHtml(name), `<code>${escapeHtml(output)}</code>`, declared]);
  return `<tr>${names}${cells([scientific(maxAbs), scientific(limit)], "n")}${cells([`<code>${pairs}</code>`, verdict])}</tr>`;
}

function cells(contents: readonly string[], style?: string): string {
  return contents.map((content) => `<td${style === undefined ? "" : ` class="${style}"`}>${content}</td>`).join("");
}

function scientific(value: number | null): string {
  return value === null ? "" : value === 0 ? "0" : value.toExponential(2);
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
