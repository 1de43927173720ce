import type { Calibration } from "../metrics/calibration.ts";
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
  { label: "learning rate", train: ({ learningRate }) => learningRate, val: () => undefined },
];

/** Plot and a document for it to draw in. */
async function drawing() {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  return { Plot, document: parseHTML("<!doctype html><html><body></body></html>").document };
}

/** How often the model is right by how sure it is, a bar a bin, and the line on which both are the same. */
export async function reliabilityChart({ bins }: Calibration): Promise<Html> {
  const { Plot, document } = await drawing();
  const filled = bins.filter(({ count }) => count > 0);
  const svg = Plot.plot({
    document,
    width: 480,
    height: 280,
    x: { label: "confidence", domain: [0, 1] },
    y: { label: "accuracy", grid: true, domain: [0, 1] },
    marks: [
      Plot.rect(filled, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: "accuracy",
        fill: "var(--train)",
        fillOpacity: 0.5,
        inset: 1,
      }),
      Plot.line([0, 1], { x: (value: number) => value, y: (value: number) => value, strokeDasharray: "4 3" }),
      Plot.dot(filled, { x: "confidence", y: "accuracy", fill: "var(--val)" }),
      Plot.text(filled, { x: "confidence", y: "accuracy", text: "count", dy: -10 }),
    ],
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "accuracy by confidence");
  return new Html(svg.outerHTML);
}

/**
 * Loss, accuracy and learning rate by epoch as SVGs, training solid and validation dashed, in the colours `--train` and `--val` of
 * the page and its own text colour otherwise.
 */
export async function charts(history: readonly HistoryRow[]): Promise<Html[]> {
  const { Plot, document } = await drawing();
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
