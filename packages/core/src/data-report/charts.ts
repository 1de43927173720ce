import { drawing, picture } from "../report/drawing.ts";
import type { Html } from "../report/html.ts";
import type { DataReport } from "./data-report.ts";

/** Classes that a chart can name below each other. */
const MOST_CLASSES = 60;
const frame = { width: 400, marginTop: 28, marginBottom: 40, style: { fontSize: "13px" } };
const COLOURS = {
  domain: ["train", "val", "test"],
  range: ["var(--train)", "var(--val)", "color-mix(in srgb, currentColor 55%, transparent)"],
};

/** How many pictures each class has in each split; the largest classes when there are too many. */
export async function balanceChart({ labels, splits }: DataReport): Promise<Html> {
  const { Plot, document } = await drawing();
  const totals = labels.map((_, k) => splits.reduce((sum, { perClass }) => sum + perClass[k]!, 0));
  const shown = [...labels.keys()].sort((a, b) => totals[b]! - totals[a]!).slice(0, MOST_CLASSES);
  const bars = shown.flatMap((k) =>
    splits.map(({ split, perClass }) => ({ label: labels[k]!, split, count: perClass[k]! })),
  );
  const svg = Plot.plot({
    document,
    ...frame,
    height: 90 + 18 * shown.length,
    marginLeft: Math.min(150, 20 + 8 * Math.max(...shown.map((k) => labels[k]!.length))),
    x: { label: "pictures", grid: true, ticks: 5 },
    y: { label: null, domain: shown.sort((a, b) => a - b).map((k) => labels[k]!) },
    color: COLOURS,
    marks: [Plot.barX(bars, { x: "count", y: "label", fill: "split", order: COLOURS.domain }), Plot.ruleX([0])],
  });
  return picture(svg, "pictures of each class by split");
}

/** Width and height of the pictures, a dot a size, as large as it is common. */
export async function sizeChart({ sizes }: DataReport): Promise<Html> {
  const { Plot, document } = await drawing();
  const svg = Plot.plot({
    document,
    ...frame,
    height: 300,
    marginLeft: 58,
    x: { label: "width", grid: true, ticks: 5, zero: true, nice: true },
    y: { label: "height", grid: true, ticks: 5, zero: true, nice: true },
    r: { range: [2, 12] },
    marks: [
      Plot.dot([...sizes.counts], { x: "width", y: "height", r: "count", fill: "var(--train)", fillOpacity: 0.6 }),
    ],
  });
  return picture(svg, "sizes of the pictures");
}
