import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { tinyRun } from "../../../testing/tiny-run.ts";
import type { RunOptions } from "./options.ts";
import { runFolds, runSeeds } from "./repeat.ts";

tf.enableProdMode(); // no banner

const quick: RunOptions = {
  ...tinyRun,
  epochs: 1,
};

test("a run for each seed, each in a folder of its own, and what they have in common", async () => {
  const out = testFolder();
  const result = await runSeeds({ ...quick, out, seed: 7 }, 2);
  expect(readdirSync(out)).toEqual(["repeat.json", "seed-7", "seed-8", "summary.json"]);
  expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(result)));
  const metrics = JSON.parse(readFileSync(join(out, "seed-8/metrics.json"), "utf8"));
  expect(result.runs[1]).toEqual({ name: "seed-8", accuracy: metrics.accuracy, loss: metrics.loss });
  expect(result.loss.mean).toBeCloseTo((result.runs[0]!.loss + result.runs[1]!.loss) / 2, 12);
  await expect(runSeeds({ ...quick, out }, 2)).rejects.toThrow(/the folder is not empty/);
  expect((await runSeeds({ ...quick, out, seed: 7, resume: true }, 2)).runs).toEqual(result.runs);
  expect((await runSeeds({ ...quick, out, resume: true }, 2)).runs).toEqual(result.runs); // the seed is on record
});

test("a run for each fold, tested on its part", async () => {
  const out = testFolder();
  const { runs } = await runFolds({ ...quick, out }, 2);
  expect(runs.map(({ name }) => name)).toEqual(["fold-1", "fold-2"]);
  const metrics = JSON.parse(readFileSync(join(out, "fold-1/metrics.json"), "utf8"));
  expect(metrics).toMatchObject({ count: 20, weights: "last" });
});

test("resumed folds are the same ones and train as the first did, though neither seed nor epochs are given again", async () => {
  const [whole, out] = [testFolder(), testFolder()];
  const options = { ...quick, epochs: 2, seed: 7 };
  const { runs } = await runFolds({ ...options, out: whole }, 2);
  const abort = new AbortController();
  const onProgress: RunOptions["onProgress"] = (event) => event.is === "epoch" && abort.abort();
  await expect(runFolds({ ...options, out, signal: abort.signal, onProgress }, 2)).rejects.toMatchObject({
    code: "aborted",
  });
  const { epochs: _, seed: __, ...rest } = options;
  expect((await runFolds({ ...rest, out, resume: true }, 2)).runs).toEqual(runs);
});

test.each([
  [{ seed: 8 }, 2, /--seed: the run began with another value \(got 8, wanted 1/],
  [{ data: "other" }, 2, /--data: the run began with another value/],
  [{ group: "(.)" }, 2, /--group: the run began with another value/],
  [{}, 3, /--folds: the run began with another value \(got 3, wanted 2/],
])("resuming folds with %j, %i of them", async (change, count, message) => {
  const out = testFolder();
  const signal = AbortSignal.abort();
  await expect(runFolds({ ...quick, out, signal }, 2)).rejects.toMatchObject({ code: "aborted" });
  await expect(runFolds({ ...quick, out, resume: true, ...change }, count)).rejects.toThrow(message);
  await expect(runSeeds({ ...quick, out, resume: true }, 2)).rejects.toThrow(/--seeds: .* were begun as --folds 2/);
});

test("what isn't a folder of several runs can't be resumed; one that was stopped before it wrote anything begins anew", async () => {
  const out = testFolder();
  writeFileSync(join(out, "notes.txt"), "no runs");
  const options = { ...quick, out, resume: true };
  await expect(runFolds(options, 2)).rejects.toThrow(/repeat\.json: there are no runs to resume/);
  writeFileSync(join(out, "repeat.json"), "{}");
  await expect(runFolds(options, 2)).rejects.toThrow(/repeat\.json: says nothing of several runs/);
  const signal = AbortSignal.abort();
  await expect(runFolds({ ...options, out: testFolder(), signal }, 2)).rejects.toMatchObject({ code: "aborted" });
});

test.each([1, 0.5, 1001])("%d runs are refused", async (count) => {
  const out = join(testFolder(), "new");
  await expect(runSeeds({ ...quick, out }, count)).rejects.toThrow(/--seeds: can't be used/);
  await expect(runFolds({ ...quick, out }, count)).rejects.toThrow(/--folds: can't be used/);
});
