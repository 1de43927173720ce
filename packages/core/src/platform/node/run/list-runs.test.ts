import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatHistory } from "../../../report/history.ts";
import { testFolder } from "../../../testing/folder.ts";
import { compareConfigs } from "./compare-runs.ts";
import { listRuns, readRun } from "./list-runs.ts";

const row = { epoch: 1, steps: 2, seconds: 3, loss: 1, accuracy: 0.5, learningRate: 0.1 };
const metrics = JSON.stringify({ accuracy: 0.75, loss: 0.5, count: 4, epoch: 1, labels: [] });
const owner = { pid: process.ppid, host: hostname(), since: new Date().toISOString(), token: "t" };

const folder = () =>
  testFolder({
    "done/run.json": '{"data": "d", "recipe": "tutorial"}',
    "done/history.csv": formatHistory([row]),
    "done/metrics.json": metrics,
    "many/seed-1/run.json": '{"data": "d", "seed": 1}',
    "many/seed-2/run.json": '{"data": "d", "seed": 2}',
    "many/seed-2/run.lock": JSON.stringify(owner),
    "broken/run.json": "{",
    "other/file.txt": "",
  });

test("finds runs at any depth, says how far they are, and names broken ones", async () => {
  const path = folder();
  const broken: string[] = [];
  const runs = await listRuns(path, ({ message }) => broken.push(message));
  expect(Object.fromEntries(runs.map((run) => [run.folder.slice(path.length + 1), run.state]))).toEqual({
    done: "finished",
    "many/seed-1": "stopped",
    "many/seed-2": "running",
  });
  expect(broken).toEqual([expect.stringMatching(/broken.run\.json: the text is not JSON/)]);
  expect(await readRun(join(path, "done"))).toMatchObject({
    config: { data: "d", recipe: { name: "tutorial" }, epochs: 20 },
    history: [row],
    result: { accuracy: 0.75, loss: 0.5, count: 4, epoch: 1 },
  });
});

test("two runs differ in what their configurations say", async () => {
  const path = folder();
  const [a, b] = [await readRun(join(path, "many/seed-1")), await readRun(join(path, "many/seed-2"))];
  expect(compareConfigs(a, b)).toEqual([{ name: "seed", a: "1", b: "2" }]);
  const names = compareConfigs(a, await readRun(join(path, "done"))).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["recipe.name", "recipe.augment.rotate", "recipe.schedule.kind"]));
});

test("refuses folders without a run and metrics that are none", async () => {
  const path = folder();
  await expect(readRun(join(path, "other"))).rejects.toMatchObject({ code: "not-found" });
  await expect(listRuns(join(path, "nowhere"), () => {})).rejects.toMatchObject({ code: "not-found" });
  writeFileSync(join(path, "done/metrics.json"), "{}");
  await expect(readRun(join(path, "done"))).rejects.toThrow(/metrics\.json: is no run's metrics/);
});
