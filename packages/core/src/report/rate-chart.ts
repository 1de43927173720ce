import type { FoundRate } from "../train/lr-finder.ts";
import { drawing } from "./drawing.ts";

/** The readings of a range test, as a chart names them. */
const readings: readonly { readonly key: "suggestion" | "steepest" | "lowest"; readonly label: string }[] = [
  { key: "suggestion", label: "suggested" },
  { key: "steepest", label: "steepest" },
  { key: "lowest", label: "lowest" },
];

const COLOURS = { loss: "#9aa5b1", smoothed: "#1f5fa8", reading: "#b3261e" };
/** What lies more than so many times above the lowest loss is cut off: the explosion would flatten all else. */
const SHOWN = 3;

/** The curve of a learning-rate range test as an SVG file: losses by rate, smoothed ones as a line, the readings marked. */
export async function rateChart(found: FoundRate): Promise<string> {
  const { Plot, document } = await drawing();
  const { points } = found;
  const smoothed = points.map((point) => point.smoothed);
  const low = Math.min(...smoothed);
  const high = Math.min(Math.max(...smoothed), Math.max(low * SHOWN, smoothed[0]! * 1.2));
  const marked = readings.map(({ key, label }) => ({
    ...points.find(({ rate }) => rate === found[key])!,
    label: `${label} ${found[key].toPrecision(2)}`,
  }));
  const svg = Plot.plot({
    document,
    width: 640,
    height: 360,
    marginLeft: 58,
    clip: true,
    style: { background: "white", color: "black", fontSize: "13px" },
    x: { type: "log", label: "learning rate", tickFormat: (rate: number) => rate.toExponential(0) },
    y: { label: "loss", domain: [low - 0.1 * (high - low), high], grid: true },
    marks: [
      Plot.dot(points, { x: "rate", y: "loss", r: 2, fill: COLOURS.loss }),
      Plot.line(points, { x: "rate", y: "smoothed", stroke: COLOURS.smoothed, strokeWidth: 2 }),
      Plot.ruleX(marked, { x: "rate", stroke: COLOURS.reading, strokeDasharray: "4 3" }),
      Plot.text(marked, {
        x: "rate",
        y: high,
        text: "label",
        rotate: 90,
        textAnchor: "start",
        dx: 9,
        fill: COLOURS.reading,
      }),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}
