import * as tf from "@tensorflow/tfjs";
import { parseHTML } from "linkedom";
import { beforeAll, expect, test } from "vitest";
import { tutorialResNet } from "../../models/tutorial-resnet.ts";
import { tinyResNet } from "../../testing/tiny.ts";
import { arrange } from "./arrange.ts";
import { diagramOf } from "./diagram.ts";
import { renderPlot } from "./render-plot.ts";

beforeAll(() => tf.enableProdMode()); // no banner

/** A model that calls a functional model, in which a Sequential lies. */
function nested(): tf.LayersModel {
  const deep = tf.sequential({ name: "deep", layers: [tf.layers.dense({ name: "d1", units: 3, inputShape: [4] })] });
  const a = tf.input({ name: "a", shape: [4] });
  const inner = tf.model({ name: "inner", inputs: a, outputs: deep.apply(a) as tf.SymbolicTensor });
  const [x, y] = [tf.input({ name: "x", shape: [4] }), tf.input({ name: "y", shape: [3] })];
  const sum = tf.layers.add({ name: "sum" }).apply([inner.apply(x) as tf.SymbolicTensor, y]) as tf.SymbolicTensor;
  return tf.model({ name: "a<b", inputs: [x, y], outputs: sum });
}

test("a box a layer with Keras' shapes, an edge for each reader, a frame for each model inside", () => {
  const { boxes, frames, edges } = diagramOf(nested());
  expect(boxes.map(({ id }) => id).sort()).toEqual(
    ["inner/a", "inner/deep/d1", "inner/deep/d1_input", "sum", "x", "y"].sort(),
  );
  expect(frames.map(({ title, frame }) => [title, frame])).toEqual([
    ["inner (Model)", undefined],
    ["deep (Sequential)", "inner"],
  ]);
  expect(edges.map(({ from, to }) => `${from} > ${to}`).sort()).toEqual(
    [
      "inner/a > inner/deep/d1_input",
      "inner/deep/d1 > sum",
      "inner/deep/d1_input > inner/deep/d1",
      "x > inner/a",
      "y > sum",
    ].sort(),
  );
  const sum = boxes.find(({ id }) => id === "sum");
  expect(sum).toMatchObject({ type: "Add", inputs: ["(None, 3)"], outputs: ["(None, 3)"], frame: undefined });
});

test("nothing overlaps, frames hold what is theirs, edges go down", () => {
  for (const model of [nested(), tinyResNet()]) {
    const { boxes, frames, edges, width, height } = arrange(diagramOf(model));
    for (const [i, { at: a, box }] of boxes.entries()) {
      expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width / 2).toBeLessThanOrEqual(width);
      expect(a.y + a.height / 2).toBeLessThanOrEqual(height);
      const frame = frames.find(({ frame: { id } }) => id === box.frame)?.at;
      if (frame) expect(Math.abs(a.y - frame.y) + a.height / 2).toBeLessThanOrEqual(frame.height / 2);
      for (const { at: b } of boxes.slice(i + 1))
        expect(Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2).toBe(
          true,
        );
    }
    for (const points of edges) expect(points.at(-1)!.y).toBeGreaterThan(points[0]!.y);
  }
});

test("is one SVG that loads nothing, names escaped", () => {
  const text = renderPlot(nested());
  const { document } = parseHTML(text);
  expect(document.querySelector("svg")?.getAttribute("aria-label")).toBe("architecture of a<b");
  const texts = [...document.querySelectorAll("text")].map(({ textContent }) => textContent);
  expect(texts).toEqual(expect.arrayContaining(["d1", "Dense", "input:", "(None, 4)", "inner (Model)"]));
  expect(text).not.toMatch(/a<b|<script|<image|href=/);
});

test("ResNet50 is drawn in reasonable time", () => {
  const model = tutorialResNet({ depth: 50, inputShape: [32, 32, 3] });
  const started = performance.now();
  const { document } = parseHTML(renderPlot(model));
  expect(document.querySelectorAll(".box")).toHaveLength(model.layers.length);
  expect(performance.now() - started).toBeLessThan(20_000);
});
