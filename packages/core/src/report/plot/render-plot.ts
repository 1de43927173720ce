import type * as tf from "@tensorflow/tfjs";
import { Html, html } from "../html.ts";
import { type Arrangement, arrange, type Placed, type Point } from "./arrange.ts";
import { LINE, PADDING, shapesText } from "./box-size.ts";
import { diagramOf } from "./diagram.ts";

/** Follows the reader's light or dark setting, alone and inside a page. */
const STYLE = new Html(`
.plot { color-scheme: light dark; font: 12px ui-monospace, Menlo, Consolas, monospace; }
.plot rect, .plot path { fill: none; stroke: light-dark(#57606a, #8b949e); }
.plot .box { fill: light-dark(#ffffff, #161b22); }
.plot .frame { fill: light-dark(#f3f5f8, #0d1117); stroke-dasharray: 4 3; }
.plot text { fill: light-dark(#1f2328, #e6edf3); }
.plot .quiet { fill: light-dark(#57606a, #8b949e); }
.plot .head { fill: light-dark(#57606a, #8b949e); stroke: none; }
`);

/** The architecture of a model as one SVG, as Keras' plot_model draws it: names, classes, shapes, models inside models. */
export function renderPlot(model: tf.LayersModel): string {
  const diagram = diagramOf(model);
  return `${svg(diagram.title, arrange(diagram)).text}\n`;
}

function svg(title: string, { width, height, boxes, frames, edges }: Arrangement): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" aria-label="architecture of ${title}" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}">
<title>${title}</title>
<style>${STYLE}</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0,0L8,4L0,8Z"/></marker></defs>
${frames.map(({ frame, at }) => html`<g><rect class="frame" ${rectangle(at)} rx="6"/>${text(corner(at).x + PADDING, corner(at).y + LINE, frame.title, "quiet")}</g>\n`)}
${edges.map((points) => html`<path d="${path(points)}" marker-end="url(#arrow)"/>\n`)}
${boxes.map(({ box, size, at }) => boxOf(box, size.columns, at))}
</svg>`;
}

function boxOf(
  { name, type, inputs, outputs }: Arrangement["boxes"][number]["box"],
  [first, second]: readonly [number, number, number],
  at: Placed,
): Html {
  const { x, y } = corner(at);
  const [left, right] = [x + first, x + first + second];
  const [upper, lower, middle] = [y + LINE - 2, y + at.height - PADDING, y + at.height / 2];
  return html`<g><rect class="box" ${rectangle(at)} rx="3"/>
<path d="M${round(left)},${round(y)}V${round(y + at.height)}M${round(right)},${round(y)}V${round(y + at.height)}M${round(left)},${round(middle)}H${round(x + at.width)}"/>
${text(x + PADDING, upper, name)}${text(x + PADDING, lower, type, "quiet")}
${text(left + PADDING, upper, "input:", "quiet")}${text(left + PADDING, lower, "output:", "quiet")}
${text(right + PADDING, upper, shapesText(inputs))}${text(right + PADDING, lower, shapesText(outputs))}</g>
`;
}

const corner = ({ x, y, width, height }: Placed): Point => ({ x: x - width / 2, y: y - height / 2 });

function rectangle(at: Placed): Html {
  const { x, y } = corner(at);
  return html`x="${round(x)}" y="${round(y)}" width="${round(at.width)}" height="${round(at.height)}"`;
}

const text = (x: number, y: number, words: string, kind = "name"): Html =>
  html`<text class="${kind}" x="${round(x)}" y="${round(y)}">${words}</text>`;

const path = (points: readonly Point[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${round(x)},${round(y)}`).join("");

const round = (value: number): string => `${Math.round(value * 10) / 10}`;
