import type { Calibration } from "../metrics/calibration.ts";
import { drawing, picture } from "./drawing.ts";
import type { HistoryRow } from "./history.ts";
import type { Html } from "./html.ts";

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

/** Large enough to be read where three charts share a page, or one fills a phone. */
const frame = { width: 400, height: 260, marginLeft: 58, marginTop: 28, marginBottom: 40, style: { fontSize: "13px" } };
const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** How often the model is right by how sure it is, a bar a bin, and the line on which both are the same. */
export async function reliabilityChart({ bins }: Calibration): Promise<Html> {
  const { Plot, document } = await drawing();
  const filled = bins.filter(({ count }) => count > 0);
  const svg = Plot.plot({
    document,
    ...frame,
    x: { label: "confidence", domain: [0, 1], ticks: 5 },
    y: { label: "accuracy", grid: true, domain: [0, 1], ticks: 5 },
    marks: [
      Plot.rect(filled, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: "accuracy",
        fill: "var(--train)",
        fillOpacity: 0.45,
        inset: 1,
      }),
      Plot.line([0, 1], { x: (value: number) => value, y: (value: number) => value, strokeDasharray: "4 3" }),
      Plot.dot(filled, { x: "confidence", y: "accuracy", fill: "var(--val)", r: 3.5 }),
      Plot.text(filled, { x: "confidence", y: "accuracy", text: "count", dy: -12 }),
    ],
  });
  const story = filled.map(
    ({ count, confidence, accuracy }) =>
      `${count} pictures at ${digits(confidence)}: ${digits(100 * accuracy)} % of them right`,
  );
  return picture(svg, `accuracy by confidence. ${story.join("; ")}`);
}

/**
 * Loss, accuracy and learning rate by epoch as SVGs, training solid and validation dashed, in the colours `--train` and `--val` of
 * the page and its own text colour otherwise.
 */
export async function charts(history: readonly HistoryRow[], epochs = history.length): Promise<Html[]> {
  const { Plot, document } = await drawing();
  return measures.map(({ label, train, val, domain }) => {
    const validated = history.filter((row) => val(row) !== undefined);
    const epoch = ({ epoch }: HistoryRow) => epoch;
    const svg = Plot.plot({
      document,
      ...frame,
      x: {
        label: "epoch",
        ticks: Math.min(10, epochs),
        tickFormat: (value: number) => (Number.isInteger(value) ? `${value}` : ""),
        domain: [1, Math.max(2, epochs)],
      },
      y: { label, grid: true, zero: true, ticks: 5, tickFormat: digits, ...(domain && { domain }) },
      marks: [
        Plot.lineY(history, { x: epoch, y: train, stroke: "var(--train)", strokeWidth: 2, marker: "dot" }),
        Plot.lineY(validated, {
          x: epoch,
          y: val,
          stroke: "var(--val)",
          strokeWidth: 2,
          strokeDasharray: "5 4",
          marker: "dot",
        }),
      ],
    });
    const ends = [
      ["training", train(history[0]!), train(history.at(-1)!)],
      ...(validated.length > 0 ? [["validation", val(validated[0]!), val(validated.at(-1)!)]] : []),
    ] as const;
    const story = ends.map(([name, first, last]) => `${name} from ${digits(Number(first))} to ${digits(Number(last))}`);
    return picture(svg, `${label} by epoch: ${story.join(", ")}`);
  });
}
