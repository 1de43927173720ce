import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { TfjsSession } from "../engines/tfjs/session.ts";
import { OnnxEngine } from "../platform/node/onnx/onnx-engine.ts";
import { tinyResNet, tinySplit } from "../testing/tiny.ts";
import { findLearningRate, suggestionOf } from "./lr-finder.ts";
import { recipes } from "./recipe.ts";

tf.enableProdMode(); // no banner

const points = (losses: readonly number[]) =>
  losses.map((smoothed, i) => ({ rate: 10 ** (i - 6), loss: smoothed, smoothed }));

test("suggests the middle of the longest fall, whatever noise lies before it", () => {
  const { suggestion, steepest, lowest } = suggestionOf(points([2, 0.4, 2.1, 2, 1.8, 1.5, 1, 0.5, 3]));
  expect(lowest).toBeCloseTo(1e-5, 12);
  expect(suggestion).toBeCloseTo(1e-2, 12); // the fall goes from 1e-4 to 1e1 with six points
  expect(steepest).toBeCloseTo(1e-6, 12); // from 2 to 0.4
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

test("a training thread that ends is an error, not an explosion", async () => {
  const session = await new OnnxEngine("cpu", "test").open({ model: tinyResNet(), optimizer: "sgd", batchSize: 8 });
  const found = findLearningRate({
    ...{ session, train: tinySplit(28, 1), size: { width: 8, height: 8 }, labels: ["a", "b", "c"] },
    ...{ recipe: recipes.tutorial, batchSize: 8, seed: 1, from: 1e-4, to: 1e-3, steps: 9 },
    onProgress: (done) => void (done === 5 && session.dispose()),
  });
  await expect(found).rejects.toThrow("training thread: it has ended");
});

test("rates that don't rise are refused", async () => {
  const session = await TfjsSession.open({ model: tinyResNet(), optimizer: "sgd", batchSize: 8 });
  const found = findLearningRate({
    ...{ session, train: tinySplit(28, 1), size: { width: 8, height: 8 }, labels: ["a", "b", "c"] },
    ...{ recipe: recipes.tutorial, batchSize: 8, seed: 1, from: 1, to: 0.1, steps: 9 },
  });
  await expect(found).rejects.toMatchObject({ code: "bad-input", facts: { where: "--from", got: "1 to 0.1" } });
  await session.dispose();
});

test("tfjs' explosion is the same", async () => {
  await tf.setBackend("cpu");
  const session = await TfjsSession.open({ model: tinyResNet(), optimizer: "sgd", batchSize: 8 });
  try {
    const { points } = await findLearningRate({
      ...{ session, train: tinySplit(28, 1), size: { width: 8, height: 8 }, labels: ["a", "b", "c"] },
      ...{ recipe: recipes.tutorial, batchSize: 8, seed: 1, from: 1e-3, to: 1e39, steps: 5 },
    });
    expect(points.length).toBeLessThan(5);
  } finally {
    await session.dispose();
  }
});

test("the first tenth and the last five points are left out of readings, as in fastai", () => {
  // fastai 2.8: valley(lrs[30 // 10:-5], losses[30 // 10:-5], 30) and steep of the same, lrs = 10 ** (i - 6)
  const losses = Array.from({ length: 30 }, (_, i) =>
    i < 3 ? 9 - 3 * i : i > 25 ? 9 * i : 5 - 0.1 * i - (i > 12 ? 0.2 : 0),
  );
  const { suggestion, steepest } = suggestionOf(points(losses));
  expect([suggestion, steepest]).toEqual([1e6, 1e6]);
});

test("gradient descent on squares explodes where theory says, and what is suggested lies below", async () => {
  const [train, size] = [tinySplit(24, 1), { width: 8, height: 8 }];
  const input = tf.input({ shape: [8, 8, 3] });
  const flat = tf.layers.flatten().apply(input) as tf.SymbolicTensor;
  const linear = tf.layers.dense({ units: 3, useBias: false, kernelInitializer: "zeros" }).apply(flat);
  const model = tf.model({ inputs: input, outputs: linear as tf.SymbolicTensor });
  const job = { model, optimizer: "sgd", loss: "meanSquaredError", batchSize: 24 } as const;
  const session = await new OnnxEngine("cpu", "test").open(job);
  try {
    const found = await findLearningRate({
      ...{ session, train, size, labels: ["a", "b", "c"], recipe: recipes.tutorial, batchSize: 24, seed: 1 },
      ...{ from: 1e-5, to: 10, steps: 121 },
    });
    // The loss is mean((Xw - y)²) over 24 rows of 3: its Hessian is 2/(24·3) XᵀX, and steps beyond 2/λ grow (Nocedal & Wright, 3.3).
    const x = tf.tensor(
      Float32Array.from(await train.read([...train.labels.keys()]), (value) => value / 255),
      [24, 192],
    );
    let v = tf.ones([192, 1]);
    for (let i = 0; i < 50; i++)
      v = tf.matMul(x, tf.matMul(x, v), true).div(tf.matMul(x, tf.matMul(x, v), true).norm());
    const largest = tf.matMul(x, tf.matMul(x, v), true).norm().dataSync()[0]! * (2 / 72);
    const limit = 2 / largest;
    expect(found.points.at(-1)!.rate).toBeGreaterThan(limit);
    // The average lags ten steps behind, half a decade of these rates.
    expect(found.points.at(-1)!.rate).toBeLessThan(10 * limit);
    expect(found.lowest).toBeGreaterThan(limit / 5);
    expect(found.lowest).toBeLessThan(10 * limit);
    for (const rate of [found.suggestion, found.steepest]) {
      expect(rate).toBeLessThan(limit);
      expect(rate).toBeGreaterThan(limit / 300);
    }
  } finally {
    await session.dispose();
  }
});
