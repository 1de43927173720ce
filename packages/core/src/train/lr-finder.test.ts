import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { OnnxEngine } from "../platform/node/onnx/onnx-engine.ts";
import { tinyResNet, tinySplit } from "../testing/tiny.ts";
import { findLearningRate, suggestionOf } from "./lr-finder.ts";
import { recipes } from "./recipe.ts";

tf.enableProdMode(); // no banner

const points = (losses: readonly number[]) =>
  losses.map((smoothed, i) => ({ rate: 10 ** (i - 6), loss: smoothed, smoothed }));

test("suggests the middle of the longest fall, whatever noise lies before it", () => {
  const { suggestion, lowest } = suggestionOf(points([2, 0.4, 2.1, 2, 1.8, 1.5, 1, 0.5, 3]));
  expect(lowest).toBeCloseTo(1e-5, 12);
  expect(suggestion).toBeCloseTo(1e-2, 12); // the fall goes from 1e-4 to 1e1 with six points
});

test("too short a curve is refused", () => {
  expect(() => suggestionOf(points([1, 2]))).toThrow(/the loss exploded at once \(got 2 steps\)/);
});

test("raises the rate by equal factors until the loss explodes", async () => {
  const session = await new OnnxEngine("cpu", "test").open({ model: tinyResNet(), optimizer: "sgd", batchSize: 8 });
  try {
    const found = await findLearningRate({
      ...{ session, train: tinySplit(28, 1), size: { width: 8, height: 8 }, labels: ["a", "b", "c"] },
      ...{ recipe: recipes.tutorial, batchSize: 8, seed: 1, from: 1e-4, to: 1e6, steps: 41 },
    });
    expect(found.points.slice(0, 3).map(({ rate }) => Number(rate.toPrecision(5)))).toEqual([
      1e-4, 1.7783e-4, 3.1623e-4,
    ]);
    expect(found.points.length).toBeLessThan(41);
    expect(found.suggestion).toBeGreaterThan(1e-4);
    expect(found.suggestion).toBeLessThan(10);
  } finally {
    await session.dispose();
  }
});
