import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { tinyDataset, tinyResNet } from "../../../testing/tiny.ts";
import type { RunOptions } from "./options.ts";
import { runFolds, runSeeds } from "./repeat.ts";

tf.enableProdMode(); // no banner

const quick: RunOptions = {
  data: "tiny",
  model: "tiny",
  dataset: tinyDataset(),
  build: ({ classes }) => tinyResNet(classes),
  engine: "onnx",
  device: "cpu",
  epochs: 1,
  batchSize: 8,
};

test("a run for each seed, each in a folder of its own, and what they have in common", async () => {
  const out = testFolder();
  const result = await runSeeds({ ...quick, out, seed: 7 }, 2);
  expect(readdirSync(out)).toEqual(["seed-7", "seed-8", "summary.json"]);
  expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(result)));
  const metrics = JSON.parse(readFileSync(join(out, "seed-8/metrics.json"), "utf8"));
  expect(result.runs[1]).toEqual({ name: "seed-8", accuracy: metrics.accuracy, loss: metrics.loss });
  expect(result.loss.mean).toBeCloseTo((result.runs[0]!.loss + result.runs[1]!.loss) / 2, 12);
  await expect(runSeeds({ ...quick, out }, 2)).rejects.toThrow(/the folder is not empty/);
  expect((await runSeeds({ ...quick, out, seed: 7, resume: true }, 2)).runs).toEqual(result.runs);
});

test("a run for each fold, tested on its part", async () => {
  const out = testFolder();
  const { runs } = await runFolds({ ...quick, out }, 2);
  expect(runs.map(({ name }) => name)).toEqual(["fold-1", "fold-2"]);
  const metrics = JSON.parse(readFileSync(join(out, "fold-1/metrics.json"), "utf8"));
  expect(metrics).toMatchObject({ count: 20, weights: "last" });
});

test.each([1, 0.5, 1001])("%d runs are refused", async (count) => {
  const out = join(testFolder(), "new");
  await expect(runSeeds({ ...quick, out }, count)).rejects.toThrow(/--seeds: can't be used/);
  await expect(runFolds({ ...quick, out }, count)).rejects.toThrow(/--folds: can't be used/);
});
