import type { HistoryRow } from "./history.ts";
import { Html } from "./html.ts";

/** What one chart shows of each epoch. */
interface Measure {
  readonly label: string;
  readonly train: (row: HistoryRow) => number;
  readonly val: (row: HistoryRow) => number | undefined;
  /** Where the vertical axis begins and ends, by the data when not given. */
  readonly domain?: readonly [number, number];
}

const measures: readonly Measure[] = [
  { label: "loss", train: ({ loss }) => loss, val: ({ valLoss }) => valLoss },
  { label: "accuracy", train: ({ accuracy }) => accuracy, val: ({ valAccuracy }) => valAccuracy, domain: [0, 1] },
];

/**
 * Loss and accuracy by epoch as two SVGs, training solid and validation dashed, in the colours `--train` and `--val` of
 * the page and its own text colour otherwise.
 */
export async function charts(history: readonly HistoryRow[]): Promise<Html[]> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return measures.map(({ label, train, val, domain }) => {
    const validated = history.filter((row) => val(row) !== undefined);
    const epoch = ({ epoch }: HistoryRow) => epoch;
    const svg = Plot.plot({
      document,
      width: 480,
      height: 280,
      x: {
        label: "epoch",
        ticks: Math.min(10, history.length),
        tickFormat: "d",
        domain: [1, Math.max(2, history.length)],
      },
      y: { label, grid: true, zero: true, ...(domain && { domain }) },
      marks: [
        Plot.lineY(history, { x: epoch, y: train, stroke: "var(--train)", marker: "dot" }),
        Plot.lineY(validated, { x: epoch, y: val, stroke: "var(--val)", strokeDasharray: "4 3", marker: "dot" }),
      ],
    });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${label} by epoch`);
    return new Html(svg.outerHTML);
  });
}
