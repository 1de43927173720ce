import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ResonnxError, readMetadata } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { tinyDataset, tinyResNet, tinySplit } from "../../../testing/tiny.ts";
import { tinyRun } from "../../../testing/tiny-run.ts";
import { parseRecipe } from "../../../train/parse-recipe.ts";
import { newConfig } from "./new-config.ts";
import { givenConfig, type RunOptions } from "./options.ts";
import { RunFolder } from "./run-folder.ts";
import { RunLock } from "./run-lock.ts";
import { runTraining } from "./run-training.ts";

tf.enableProdMode(); // no banner

const quick: RunOptions = {
  ...tinyRun,
  epochs: 2,
};
const text = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");

test("trains the network that is given; the folder holds every file and is free again", async () => {
  const out = testFolder();
  const { evaluation, kept, files } = await runTraining({ ...quick, out });
  expect(evaluation).toMatchObject({ count: 12, labels: ["top", "middle", "bottom"] });
  expect(kept.weights).toBe("best");
  const names = [
    "checkpoints",
    "history.csv",
    "metrics.json",
    "model.onnx",
    "report.html",
    "run.json",
    "tfjs",
    "tiny.h5",
  ];
  expect(readdirSync(out).filter((name) => name !== "tensorboard")).toEqual(names);
  expect(files).toContain(join(out, "tiny.h5"));
  expect(readdirSync(join(out, "checkpoints"))).toEqual([`best-${kept.epoch}.safetensors`, "last.safetensors"]);
});

test("two runs can't share a folder", async () => {
  const out = testFolder();
  const both = await Promise.allSettled([runTraining({ ...quick, out }), runTraining({ ...quick, out })]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const [refused] = both.filter((each) => each.status === "rejected");
  expect(refused!.reason).toMatchObject({ code: "bad-input", facts: { what: "another run works in this folder" } });
});

test("a folder that is in use is refused before any picture is read, with what can be done", async () => {
  const out = testFolder();
  await runTraining({ ...quick, out });
  const again = { ...quick, out, dataset: undefined, data: join(out, "no-pictures") };
  const hintOf = (path: string) =>
    runTraining({ ...again, out: path }).catch((error: ResonnxError) => error.facts.hint);
  expect(await hintOf(out)).toBe("choose another --out, or continue its run with --resume");
  const lock = await RunLock.take(join(out, "run.lock"));
  expect(await hintOf(out)).toBe("a run works there now: choose another --out");
  await lock.release();
});

test("run.json records the recipe whole; a resumed run can't have another", async () => {
  const out = testFolder();
  const recipe = parseRecipe(
    { name: "mine", augment: null, earlyStopping: { patience: 1, minDelta: 10 } },
    "mine.json",
  );
  const notes: string[] = [];
  const onProgress: RunOptions["onProgress"] = (event) => event.is === "note" && notes.push(event.text);
  await runTraining({ ...quick, out, epochs: 9, recipe, onProgress });
  expect(notes).toContain("stopped early: no better loss for 1 epochs, since epoch 1");
  expect(text(out, "history.csv").trim().split("\n")).toHaveLength(1 + 2);
  expect(JSON.parse(text(out, "run.json")).recipe).toMatchObject({ name: "mine", augment: null, labelSmoothing: 0.1 });

  const again = await runTraining({ ...quick, out, epochs: 9, recipe, resume: true });
  expect(again.evaluation).toEqual((await runTraining({ ...quick, epochs: 9, out, resume: true })).evaluation);
  await expect(runTraining({ ...quick, epochs: 9, out, recipe: "default", resume: true })).rejects.toThrow(
    /--recipe: the run began with another value/,
  );
});

test("what a kill behind the last checkpoint left undone is done by the next sitting", async () => {
  const out = testFolder();
  const { kept } = await runTraining({ ...quick, out });
  const history = text(out, "history.csv");
  writeFileSync(join(out, "history.csv"), history.split("\n").slice(0, 2).join("\n"));
  writeFileSync(join(out, "checkpoints/best-99.safetensors"), "of an epoch that isn't the best any more");
  writeFileSync(join(out, "checkpoints/.last.safetensors.1.tmp"), "half of it");
  await runTraining({ ...quick, out, resume: true });
  expect(text(out, "history.csv")).toBe(history);
  expect(readdirSync(join(out, "checkpoints"))).toEqual([`best-${kept.epoch}.safetensors`, "last.safetensors"]);
});

test("a model file's topology is trained with new weights, the same for the same seed", async () => {
  const folder = testFolder({ "my.json": JSON.stringify(tinyResNet().toJSON(null, false)) });
  const { build: _, ...options } = { ...quick, model: join(folder, "my.json") };
  const out = (name: string) => join(folder, name);
  const [a, b, c] = [
    await runTraining({ ...options, out: out("a") }),
    await runTraining({ ...options, out: out("b") }),
    await runTraining({ ...options, out: out("c"), seed: 2 }),
  ];
  expect(readdirSync(out("a"))).toContain("my.h5");
  expect(a.evaluation).toEqual(b.evaluation);
  expect(a.evaluation.loss).not.toBe(c.evaluation.loss);
  const none = { ...options, model: join(folder, "none.json"), out: out("d") };
  await expect(runTraining(none)).rejects.toMatchObject({ code: "not-found" });
});

test.each(["{", "[]", '{"class_name": "Sequential"}', '{"class_name": "Model", "config": {"layers": [{}]}}'])(
  "the model file %s is refused",
  async (json) => {
    const model = join(testFolder({ "m.json": json }), "m.json");
    await expect(runTraining({ data: "tiny", dataset: tinyDataset(), model })).rejects.toThrow(
      /m\.json: (is no model|the text is not JSON): /,
    );
  },
);

test("refuses networks that don't fit, a missing run and a run.json that is none", async () => {
  const out = testFolder();
  const misfit = runTraining({ ...quick, out, build: () => tinyResNet(2) });
  await expect(misfit).rejects.toThrow(/tiny: the model doesn't fit .*null,2\], wanted .*null,3\]/);
  await expect(runTraining({ ...quick, out, resume: true })).rejects.toMatchObject({ code: "not-found" });
  const odd = testFolder({ "run.json": '{"data": "tiny", "epochs": "many"}' });
  await expect(runTraining({ ...quick, out: odd, resume: true })).rejects.toThrow(/run\.json: epochs: can't be used/);
  const bare = { data: "tiny", dataset: tinyDataset(), model: "resnet51" };
  await expect(runTraining({ ...bare, out })).rejects.toThrow(/--model: unknown \(got resnet51/);
});

test("the group that pictures are split by is recorded in run.json and in the model", async () => {
  const out = testFolder();
  await runTraining({ ...quick, group: "^(.)", out });
  expect(JSON.parse(text(out, "run.json"))).toMatchObject({ group: "^(.)" });
  expect(readMetadata(readFileSync(join(out, "model.onnx"))).training).toMatchObject({ group: "^(.)" });
});

test("metrics and report tell the accuracy without the test pictures that were trained on", async () => {
  const out = testFolder();
  const dataset = { ...tinyDataset(), duplicates: ["3-0.png", "3-4.png"] };
  const { evaluation } = await runTraining({ ...quick, dataset, out });
  expect(evaluation).toMatchObject({ count: 12, withoutDuplicates: { count: 10 } });
  const { withoutDuplicates } = evaluation;
  expect(JSON.parse(text(out, "metrics.json"))).toMatchObject({ withoutDuplicates });
  expect(text(out, "report.html")).toMatch(/Without the pictures that train or val has too: .*of 10/);
});

test("near duplicates between splits are told, counted in metrics.json and shown in the report", async () => {
  const out = testFolder();
  const { splits, ...tiny } = tinyDataset();
  const member = (split: "train" | "val" | "test", i: number) => ({
    name: splits[split]!.names[i]!,
    label: "top",
    split,
  });
  const alike = [
    { identical: true, pictures: [member("train", 0), member("test", 0)] },
    { identical: false, pictures: [member("train", 3), member("train", 6), member("test", 3)] },
    { identical: false, pictures: [member("train", 9), member("train", 12)] }, // leaks nowhere
  ];
  const notes: string[] = [];
  const onProgress: RunOptions["onProgress"] = (event) => event.is === "note" && notes.push(event.text);
  await runTraining({ ...quick, dataset: { ...tiny, splits, alike }, onProgress, out });
  const told = "1 of 12 test pictures look like a train or val picture without being byte-identical to one.";
  expect(notes).toContain(told);
  expect(JSON.parse(text(out, "metrics.json"))).toMatchObject({ leaks: [{ split: "test", identical: 1, near: 1 }] });
  const report = text(out, "report.html");
  expect(report).toContain(told);
  const alts = [...report.matchAll(/<img src="data:image\/jpeg;base64,[^"]{100,}" alt="(\d-\d+\.png: [^"]*)"/g)];
  expect(alts.map(([, alt]) => alt)).toEqual(["1-3.png: top, train", "3-3.png: top, test", "1-6.png: top, train"]);
});

test.each(["train", "test"] as const)("data without %s pictures is refused before there is a folder", async (split) => {
  const dataset = tinyDataset();
  const out = join(testFolder(), "run");
  const empty = { ...dataset, splits: { ...dataset.splits, [split]: tinySplit(0, 1) } };
  const counts = { train: 28, val: 12, test: 12, [split]: 0 };
  await expect(runTraining({ ...quick, dataset: empty, out })).rejects.toMatchObject({
    code: "bad-input",
    facts: {
      what: `no pictures for ${split}`,
      got: `${counts.train} for train, ${counts.val} for val, ${counts.test} for test`,
    },
  });
  expect(existsSync(out)).toBe(false);
});

test("a run that can't begin leaves its folder free, and one that was begun as it is", async () => {
  const out = testFolder();
  const kernelRegularizer = tf.regularizers.l2({ l2: 0.1 });
  const build = () =>
    tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [8, 8, 3] }),
        tf.layers.dense({ units: 3, activation: "softmax", kernelRegularizer }),
      ],
    });
  await expect(runTraining({ ...quick, build, out })).rejects.toMatchObject({ code: "unsupported" });
  expect(readdirSync(out)).toEqual([]);
  const begun = await RunFolder.create(out, await newConfig(givenConfig(quick)));
  await begun.close(); // as a run leaves it that was killed before its first checkpoint
  await expect(runTraining({ ...quick, build, out, resume: true })).rejects.toMatchObject({ code: "unsupported" });
  expect(readdirSync(out)).toEqual(["run.json"]);
});

test("a run that was stopped says how it goes on, and a finished one that it is", async () => {
  const out = testFolder();
  const stop = new AbortController();
  const stopped = runTraining({
    ...quick,
    out,
    signal: stop.signal,
    onProgress: ({ is }) => is === "step" && stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({
    code: "aborted",
    message: expect.stringMatching(/^epoch 1, step 2: stopped before it was done; .*--resume goes on from there$/),
  });
  const { data: _, ...known } = quick; // the run knows its data
  await runTraining({ ...known, out, resume: true });
  const notes: string[] = [];
  await runTraining({
    ...known,
    out,
    resume: true,
    onProgress: (event) => event.is === "note" && notes.push(event.text),
  });
  expect(notes).toContain("its epochs are done: the results once more");
});

test("a new run wants data", async () => {
  const { data: _, ...rest } = quick;
  await expect(runTraining({ ...rest, out: testFolder() })).rejects.toThrow("--data: which pictures?");
});
