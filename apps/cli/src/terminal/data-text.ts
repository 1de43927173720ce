import type { Alike, DataReport } from "@resonnx/core";
import { table } from "./table.ts";

/** Of long lists, what a terminal shows; `--json` has all. */
const ROWS = 10;
const NAMES = 4;

/** A data set's report for people: what must be known, its findings, first, then the tables. */
export function dataText(report: DataReport, found: readonly string[]): string {
  const { name, count, labels, alike, conflicts, corrupt, notes, groups } = report;
  const others = alike.filter((set) => !conflicts.includes(set));
  const parts = [
    [`${name}: ${count} pictures of ${labels.length} classes`, ...notes].join("\n"),
    found.length === 0 ? "Nothing found that is wrong with it." : found.map((each) => `- ${each}`).join("\n"),
    ...(count === 0 ? [] : picturesText(report)),
    ...listed("Several labels", conflicts, setText),
    ...listed("Look-alikes", others, setText),
    ...listed(
      "Groups in several splits",
      groups?.split ?? [],
      ({ group, counts }) => `${group}: ${countsText(counts)}`,
    ),
    ...listed("Corrupt", corrupt, (each) => `${each.name}: ${each.reason}`),
  ];
  return parts.join("\n\n");
}

/** Of pictures that can be decoded. */
function picturesText({ labels, splits, sizes, modes, formats }: DataReport): string[] {
  const { smallest, median, largest, distinct } = sizes;
  return [
    table(
      ["Class", ...splits.map(({ split }) => split)],
      [
        ...labels.map((label, k) => [label, ...splits.map(({ perClass }) => `${perClass[k]}`)]),
        ["all", ...splits.map((split) => `${split.count}`)],
      ],
    ),
    [
      `sizes: ${distinct === 1 ? sizeText(median) : `${distinct}, ${sizeText(smallest)} to ${sizeText(largest)}, median ${sizeText(median)}`}`,
      `colours: ${countsText(modes)}`,
      `formats: ${countsText(formats)}`,
    ].join("\n"),
  ];
}

const sizeText = ({ width, height }: { readonly width: number; readonly height: number }) => `${width} x ${height}`;

const countsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");

function setText({ identical, pictures }: Alike): string {
  const names = pictures.slice(0, NAMES).map(({ name, label, split }) => `${name} (${label}, ${split})`);
  const more = pictures.length > NAMES ? ` and ${pictures.length - NAMES} more` : "";
  return `${identical ? "identical" : "similar"}: ${names.join(", ")}${more}`;
}

function listed<T>(title: string, all: readonly T[], line: (one: T) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length > ROWS ? [`... and ${all.length - ROWS} more`] : [];
  return [[`${title} (${all.length})`, ...all.slice(0, ROWS).map(line), ...more].join("\n  ")];
}
