import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pictures, writeFiles } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  for (const split of ["train", "val", "test"])
    for (const [label, bytes] of Object.entries(pictures))
      await writeFiles(path, { [`data/${split}/${label}/1.png`]: bytes, [`data/${split}/${label}/2.png`]: bytes });
  await writeFiles(path, {
    "one/train/red/a.png": pictures.red,
    "full/file.txt": "something",
    "odd.json": '{"keep": 7}',
  });
});
const QUICK = ["--data", "data", "--epochs", "1", "--batch-size", "3"];
const run = (args: readonly string[], options = {}) => resonnx(args, { folder: folder(), ...options });

describe("a run", () => {
  test("is stopped after a step and goes on from there; its files are what every other command takes", async () => {
    const stop = new AbortController();
    const onErr = (text: string) => text.startsWith("epoch 1/1  step 1/") && stop.abort();
    const stopped = await run(["train", ...QUICK, "--out", "runs/a"], { signal: stop.signal, onErr });
    expect(stopped).toMatchObject({ code: 130, out: "" });
    expect(await readdir(join(folder(), "runs/a/checkpoints"))).toEqual(["last.safetensors"]);

    const resumed = await run(["train", "--data", "data", "--out", "runs/a", "--resume", "--json"]);
    expect(resumed.code).toBe(0);
    expect(resumed.err).toMatch(/resuming after epoch 0, step 1/);
    const result = JSON.parse(resumed.out);
    expect(result).toMatchObject({
      folder: join(folder(), "runs/a"),
      epochs: 1,
      engine: { name: "onnx", device: "cpu" },
    });
    const names = ["ResNet50-1.h5", "checkpoints", "history.csv", "metrics.json", "model.onnx", "report.html", "tfjs"];
    expect(await readdir(join(folder(), "runs/a"))).toEqual(expect.arrayContaining(names));

    const history = await readFile(join(folder(), "runs/a/history.csv"), "utf8");
    expect(history).toMatch(/^epoch,steps,seconds,loss,accuracy,val_loss,val_accuracy,learning_rate\n1,2,/);
    const metrics = JSON.parse(await readFile(join(folder(), "runs/a/metrics.json"), "utf8"));
    const judged = JSON.parse((await run(["evaluate", "runs/a", "--data", "data", "--json"])).out);
    expect(metrics).toMatchObject({ ...judged, loss: expect.closeTo(judged.loss, 4) });

    const picture = "data/test/red/1.png";
    const compared = await run(["parity", "runs/a", "--input", picture, "--backends", "ort-node-cpu", "--json"]);
    expect(JSON.parse(compared.out)).toMatchObject({ ok: true, backends: [{ status: "ok", argmaxAgree: true }] });
    const predicted = JSON.parse((await run(["predict", "runs/a", picture, "--json"])).out);
    expect(predicted[0].predictions.map(({ label }: { label: string }) => label).sort()).toEqual([
      "blue",
      "green",
      "red",
    ]);
    expect((await run(["inspect", "runs/a/ResNet50-1.h5"])).out).toMatch(/\nTotal params: 23,593,859\n/); // 3 classes: 3 * 2049 fewer
  });

  test("--channels 1: a network of grey pictures, judged and asked with grey ones", async () => {
    const grey = [...QUICK, "--model", "happyModel", "--size", "16", "--channels", "1", "--out", "runs/grey"];
    expect((await run(["train", ...grey])).code).toBe(0);
    const metrics = JSON.parse(await readFile(join(folder(), "runs/grey/metrics.json"), "utf8"));
    const judged = JSON.parse((await run(["evaluate", "runs/grey", "--data", "data", "--json"])).out);
    expect(metrics).toMatchObject({ ...judged, loss: expect.closeTo(judged.loss, 4) });
    const asked = await run(["predict", "runs/grey", "data/test/red/1.png", "--json"]);
    expect(JSON.parse(asked.out)[0].predictions).toHaveLength(3);
    expect(asked.err).not.toContain("doesn't say how pictures are prepared");
  });
});

test.each([
  [["--data", "missing"], /missing: no such file or folder/],
  [["--data", "one", "--out", "runs/one"], /one/],
  [[...QUICK, "--out", "full"], /full: the run folder is not empty/],
  [[...QUICK, "--resume"], /--resume: which run\?/],
  [[...QUICK, "--out", "nowhere", "--resume"], /there is no run to resume/],
  [
    [...QUICK, "--recipe", "best"],
    /--recipe: no such recipe \(got "best", wanted default, tutorial or a \.json file\)/,
  ],
  [[...QUICK, "--recipe", "my.json"], /my\.json: can't be read/],
  [[...QUICK, "--recipe", "odd.json"], /odd\.json: keep: no such recipe \(got 7, wanted "best" or "last"\)/],
  [[...QUICK, "--model", "resnet19"], /--model: unknown \(got resnet19, wanted resnet18, /],
  [[...QUICK, "--model", "odd.json"], /odd\.json: is no model/],
  [[...QUICK, "--seeds", "1"], /--seeds: not usable \(got 1, wanted a whole number, 2 to 1000\)/],
  [[...QUICK, "--seeds", "2", "--folds", "2"], /--folds: can't be given together with --seeds/],
  [[...QUICK, "--learning-rate", "-1"], /--learning-rate: not usable/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await run(["train", ...args]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err.split("\n").at(-1)).toMatch(message);
});

test("an engine or device that isn't here is no mistake of the command line", async () => {
  const { code, err } = await run(["train", ...QUICK, "--engine", "onnx", "--device", "cuda", "--out", "runs/cuda"]);
  expect(err.split("\n").at(-1)).toMatch(/cuda/);
  expect(code).toBe(1);
});
