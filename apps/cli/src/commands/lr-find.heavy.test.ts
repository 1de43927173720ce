import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coloursModel, pictures, writeFiles } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  for (const split of ["train", "val", "test"])
    for (const [label, bytes] of Object.entries(pictures))
      await writeFiles(path, { [`data/${split}/${label}/1.png`]: bytes, [`data/${split}/${label}/2.png`]: bytes });
  await writeFile(join(path, "colours.json"), JSON.stringify(coloursModel().toJSON(null, false)));
  await writeFile(join(path, "my.json"), '{"base": "tutorial", "name": "mine"}');
});
const OPTIONS = ["--data", "data", "--model", "colours.json", "--batch-size", "3", "--recipe", "my.json"];
const run = (...args: string[]) => resonnx(args, { folder: folder() });

test("lr-find prints a curve and what follows from it", async () => {
  const { code, out } = await run("lr-find", ...OPTIONS, "--steps", "12", "--to", "10");
  expect(code).toBe(0);
  expect(out).toMatch(/^ *Rate +Loss +Smoothed\n[\s\S]*--learning-rate [\d.e-]+: the middle of the longest fall/);
  const { points, suggestion } = JSON.parse((await run("lr-find", ...OPTIONS, "--steps", "12", "--json")).out);
  expect(points[0].rate).toBe(1e-5);
  expect(suggestion).toBeGreaterThanOrEqual(1e-5);
});

test("train makes a run for each seed of a model file, and says what they have in common", async () => {
  const { code, out } = await run("train", ...OPTIONS, "--epochs", "1", "--seeds", "2", "--out", "runs/two");
  expect(code).toBe(0);
  expect(out).toMatch(/^seed-1 +[\d.]+ % +[\d.]+\nseed-2 [\s\S]*\n\naccuracy mean [\d.]+ %, .*95 % interval/m);
  const listed = JSON.parse((await run("runs", "list", "runs", "--json")).out);
  expect(listed).toMatchObject([{ config: { seed: 1, recipe: { name: "mine" } } }, { config: { seed: 2 } }]);
  const { differences } = JSON.parse(
    (await run("runs", "compare", "runs/two/seed-1", "runs/two/seed-2", "--json")).out,
  );
  expect(differences).toEqual([{ name: "seed", a: "1", b: "2" }]);
});

test("train begins with a trained model; what to freeze must be there and leave something", async () => {
  const more = ["--data", "data", "--batch-size", "3", "--epochs", "1", "--init", "runs/one"];
  expect((await run("train", ...OPTIONS, "--epochs", "1", "--out", "runs/one")).code).toBe(0);
  const { code, out } = await run("train", ...more, "--out", "runs/next", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out).kept).toMatchObject({ epoch: 1 });
  const [, next] = JSON.parse((await run("runs", "list", "runs", "--json")).out).slice(-2);
  expect(next.config).toMatchObject({ model: "colours", init: expect.stringMatching(/runs.one$/), freeze: null });
  const refusals = {
    "^none$": /--freeze: matches no weight of the model \(got \^none\$/,
    "/kernel$": /leaves nothing/,
  };
  for (const [pattern, message] of Object.entries(refusals)) {
    const refused = await run("train", ...more, "--freeze", pattern, "--out", "runs/no");
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(message);
  }
});

test.each([
  [["--from", "0"], /--from: not usable/],
  [["--steps", "5"], /--steps: not usable \(got 5, wanted a whole number, 10 to 10000\)/],
  [["--model", "missing.json"], /missing\.json: can't be read/],
])("lr-find %j is refused", async (args, message) => {
  const { code, out, err } = await run("lr-find", "--data", "data", ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});
