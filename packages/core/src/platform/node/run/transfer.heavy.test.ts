import { copyFileSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readMetadata } from "@resonnx/base";
import { readArtifacts, writeArtifacts } from "@resonnx/export";
import { checkModel, decode } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dataset, Split } from "../../../data/dataset.ts";
import { testFolder } from "../../../testing/folder.ts";
import { tinyDataset, tinyResNet } from "../../../testing/tiny.ts";
import { parseRecipe } from "../../../train/parse-recipe.ts";
import type { RunOptions } from "./options.ts";
import { runTraining } from "./run-training.ts";

tf.enableProdMode(); // no banner

const base: RunOptions = {
  data: "tiny",
  dataset: tinyDataset(),
  engine: "onnx",
  device: "cpu",
  epochs: 1,
  batchSize: 28, // one step
};
const recipe = parseRecipe(
  { base: "tutorial", name: "plain", optimizer: "sgd", learningRate: 0.01, batchNormMomentum: 0.9 },
  "plain",
);

/** The run that the others begin with. */
let before: string;
beforeAll(async () => {
  before = await mkdtemp(join(tmpdir(), "resonnx-transfer-"));
  const build: RunOptions["build"] = ({ classes }) => tinyResNet(classes);
  await runTraining({ ...base, model: "tiny", build, recipe, out: before });
}, 60_000);

afterAll(() => rm(before, { recursive: true }));

/** The weights of a run's model, by name. */
async function weightsOf(run: string): Promise<Record<string, Float32Array>> {
  const { weightSpecs, weightData } = await readArtifacts(join(run, "tfjs/model.json"));
  let at = 0;
  const entries = weightSpecs!.map(({ name, shape }): [string, Float32Array] => {
    const length = shape.reduce((a, b) => a * b, 1);
    const array = new Float32Array(weightData as ArrayBuffer, 4 * at, length);
    at += length;
    return [name, array];
  });
  return Object.fromEntries(entries);
}

/** The same pictures without those of the last class. */
function twoClasses({ splits, ...dataset }: Dataset): Dataset {
  const pick = ({ names, labels, read }: Split): Split => {
    const kept = [...names.keys()].filter((index) => labels[index]! < 2);
    return {
      names: kept.map((index) => names[index]!),
      labels: Int32Array.from(kept, (index) => labels[index]!),
      read: (indices) => read(indices.map((index) => kept[index]!)),
    };
  };
  const { train, val, test } = splits;
  const less = { train: pick(train), val: pick(val!), test: pick(test) };
  return { ...dataset, labels: dataset.labels.slice(0, 2), splits: less };
}

test("begins with all of a trained model; frozen weights stay bit for bit, each rate is as asked", async () => {
  const [plain, slow] = [testFolder(), testFolder()];
  const freeze = "^(conv1|bn1)/";
  const rates = [
    { pattern: "^fc/", factor: 1 },
    { pattern: "/kernel$", factor: 0.25 },
    { pattern: "^bn3/", factor: 0 },
  ];
  await runTraining({ ...base, init: before, freeze, recipe, out: plain });
  await runTraining({ ...base, init: before, freeze, recipe: { ...recipe, rates }, out: slow });
  const [start, whole, slowed] = [await weightsOf(before), await weightsOf(plain), await weightsOf(slow)];
  for (const [name, array] of Object.entries(start)) {
    if (/^(conv1|bn1)\//.test(name)) expect(whole[name], name).toEqual(array);
    else if (!/^conv.\/bias/.test(name)) expect(whole[name], name).not.toEqual(array); // a normalization undoes these
  }
  const factors = { "fc/kernel": 1, "conv2/kernel": 0.25, "bn3/gamma": 0, "bn2/gamma": 1 };
  for (const [name, factor] of Object.entries(factors))
    for (const [i, value] of slowed[name]!.entries()) {
      const move = whole[name]![i]! - start[name]![i]!;
      expect(Math.abs(value - start[name]![i]! - factor * move), name).toBeLessThan(1e-7);
    }
  const config = JSON.parse(readFileSync(join(slow, "run.json"), "utf8"));
  expect(config).toMatchObject({ model: "tiny", init: before, freeze, recipe: { rates } });
});

test("the run folder, its tfjs model and its Keras file are the same beginning", async () => {
  const folder = testFolder();
  copyFileSync(join(before, "tiny.h5"), join(folder, "other.h5"));
  const beginnings = [before, join(before, "tfjs/model.json"), join(before, "tfjs"), join(folder, "other.h5")];
  const losses: number[] = [];
  for (const [i, init] of beginnings.entries()) {
    const out = join(folder, `run-${i}`);
    losses.push((await runTraining({ ...base, init, recipe, out })).evaluation.loss);
  }
  expect(losses).toEqual(losses.map(() => losses[0]));
});

test("other classes get a new head, the same for the same seed; the rest is kept; a stopped run goes on", async () => {
  const folder = testFolder();
  const dataset = twoClasses(tinyDataset());
  const options: RunOptions = { ...base, dataset, init: before, freeze: "^(?!fc/)", recipe, epochs: 2 };
  const whole = await runTraining({ ...options, out: join(folder, "whole") });
  expect(whole.evaluation.labels).toEqual(["top", "middle"]);
  const [start, end] = [await weightsOf(before), await weightsOf(join(folder, "whole"))];
  expect(end["fc/kernel"]!.length).toBe((start["fc/kernel"]!.length / 3) * 2);
  expect(end["conv3/kernel"]).toEqual(start["conv3/kernel"]);
  expect(end["bn2/moving_variance"]).toEqual(start["bn2/moving_variance"]);

  const abort = new AbortController();
  const out = join(folder, "stopped");
  const onProgress: RunOptions["onProgress"] = (event) => event.is === "epoch" && abort.abort();
  await expect(runTraining({ ...options, out, onProgress, signal: abort.signal })).rejects.toMatchObject({
    code: "aborted",
  });
  await runTraining({ data: "tiny", dataset, out, resume: true });
  expect(await weightsOf(out)).toEqual(end);
  const other = { ...options, freeze: "^conv1/", out, resume: true };
  await expect(runTraining(other)).rejects.toThrow(/--freeze: the run began with another value/);
});

test("as many classes of other names get a new head; so does a model that ends in features, one of logits gets a softmax", async () => {
  const folder = testFolder();
  const renamed = { ...tinyDataset(), labels: ["a", "b", "c"] };
  await runTraining({
    ...base,
    dataset: renamed,
    init: before,
    freeze: "^(?!fc/)",
    recipe,
    out: join(folder, "renamed"),
  });
  const [start, end] = [await weightsOf(before), await weightsOf(join(folder, "renamed"))];
  const moved = Math.max(...end["fc/kernel"]!.map((value, i) => Math.abs(value - start["fc/kernel"]![i]!)));
  expect(moved).toBeGreaterThan(0.1); // one step moves it by a hundredth of that

  const whole = tinyResNet();
  const features = tf.model({ inputs: whole.inputs, outputs: whole.getLayer("relu2").output as tf.SymbolicTensor });
  const x = whole.getLayer("flatten").output as tf.SymbolicTensor;
  const logits = tf.model({
    inputs: whole.inputs,
    outputs: tf.layers.dense({ units: 3, name: "out" }).apply(x) as tf.SymbolicTensor,
  });
  for (const [name, model, layers] of [
    ["features", features, ["head_pool", "head"]],
    ["logits", logits, ["out", "out_softmax"]],
  ] as const) {
    const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve) => {
      void model.save(
        tf.io.withSaveHandler(async (saved) => {
          resolve(saved);
          return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
        }),
      );
    });
    await writeArtifacts(join(folder, name), artifacts);
    const out = join(folder, `${name}-run`);
    await runTraining({ ...base, init: join(folder, name, "model.json"), recipe, out });
    const { config } = JSON.parse(readFileSync(join(out, "tfjs/model.json"), "utf8")).modelTopology;
    expect(config.layers.slice(-2).map((layer: { name: string }) => layer.name)).toEqual(layers);
  }
});

test.each<[Partial<RunOptions>, RegExp]>([
  [{ freeze: "(" }, /--freeze: can't be used \(got \(, wanted a regular expression\)/],
  [{ freeze: "^conv9/" }, /--freeze: matches no weight .*names such as conv1\/kernel, /],
  [{ freeze: "." }, /--freeze: leaves nothing to train/],
  [{ recipe: { ...recipe, rates: [{ pattern: "^res9", factor: 1 }] } }, /recipe: rates: matches no weight/],
  [{ model: "resnet18" }, /--model: can't be given with --init/],
  [{ init: "nowhere" }, /nowhere: there is no trained model/],
  [{ init: "/etc" }, /\/etc\/model\.json: no such file/],
  [{ init: import.meta.filename }, /transfer\.heavy\.test/],
])("%j is refused", async (more, message) => {
  const out = join(testFolder(), "run");
  await expect(runTraining({ ...base, init: before, recipe, ...more, out })).rejects.toThrow(message);
});

test("an .onnx file: a linear probe on what it sees; the run's own file begins the next run", async () => {
  const [folder, dataset] = [testFolder(), twoClasses(tinyDataset())];
  const out = join(folder, "probe");
  const init = join(before, "model.onnx");
  const probe: RunOptions = { ...base, dataset, init, freeze: "^(?!head/)", recipe, epochs: 2, out };
  const { evaluation, files } = await runTraining(probe);
  expect(evaluation.labels).toEqual(["top", "middle"]);
  expect(files.map((file) => basename(file))).toEqual(["model.onnx", "history.csv", "metrics.json", "report.html"]);
  const [start, tuned] = [readFileSync(init), readFileSync(join(out, "model.onnx"))];
  expect(checkModel(tuned).opset).toBe(17);
  expect(readMetadata(tuned)).toMatchObject({
    labels: ["top", "middle"],
    preprocessing: { width: 8, height: 8, layout: "nhwc" },
    source: { format: "onnx", name: "model" },
  });
  const constants = (bytes: Uint8Array) =>
    new Map(
      decode(bytes)
        .constants()
        .map(({ name, constant }) => [name, constant!.data]),
    );
  const [old, now] = [constants(start), constants(tuned)];
  for (const name of ["conv1/kernel", "conv2/kernel", "conv3/kernel"])
    expect(now.get(name), name).toEqual(old.get(name));
  expect(now.has("fc/kernel")).toBe(false);

  const next = await runTraining({ ...base, dataset, init: out, recipe, out: join(folder, "next") });
  expect(next.evaluation.count).toBe(evaluation.count);
  const more = constants(readFileSync(join(folder, "next", "model.onnx")));
  expect(more.get("conv1/kernel")).not.toEqual(now.get("conv1/kernel"));
  expect(more.get("head/kernel")).toHaveLength(now.get("head/kernel")!.length);
});

test("a stopped run of an .onnx file goes on bit for bit; other engines refuse it", async () => {
  const folder = testFolder();
  const options: RunOptions = { ...base, init: join(before, "model.onnx"), recipe, epochs: 2 };
  await runTraining({ ...options, out: join(folder, "whole") });
  const abort = new AbortController();
  const out = join(folder, "stopped");
  const onProgress: RunOptions["onProgress"] = (event) => event.is === "epoch" && abort.abort();
  const stopped = runTraining({ ...options, out, onProgress, signal: abort.signal });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  await runTraining({ data: "tiny", dataset: tinyDataset(), out, resume: true });
  const [whole, resumed] = ["whole", "stopped"].map((run) => readFileSync(join(folder, run, "model.onnx")));
  expect(resumed!.equals(whole!)).toBe(true);
  const other = runTraining({ ...options, engine: "tfjs", out: join(folder, "tfjs") });
  await expect(other).rejects.toThrow("no training with a model of an .onnx file");
});
