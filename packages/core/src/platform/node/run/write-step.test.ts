import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { tinyResNet } from "../../../testing/tiny.ts";
import { tinyRun } from "../../../testing/tiny-run.ts";
import { runTraining } from "./run-training.ts";
import { writeStep } from "./write-step.ts";

test("writes three graphs and a README that names them", async () => {
  const folder = testFolder();
  const paths = await writeStep(join(folder, "deep/mine.onnx"), tinyResNet(), { optimizer: "sgd", batchSize: 4 });
  const names = ["gradients.onnx", "update.onnx", "start.onnx", "README.md"].map((part) => `mine.${part}`);
  expect(paths).toEqual(names.map((name) => join(folder, "deep", name)));
  const readme = readFileSync(paths[3]!, "utf8");
  for (const name of names.slice(0, 3)) expect(readme).toContain(name);
  for (const path of paths.slice(0, 3)) expect(readFileSync(path).length).toBeGreaterThan(500);
});

test("a run writes them when asked, and names them among its files", async () => {
  const out = testFolder();
  const { files } = await runTraining({ ...tinyRun, epochs: 1, out, saveStep: join(out, "step.onnx") });
  expect(files).toContain(join(out, "step.update.onnx"));
  expect(readFileSync(join(out, "step.README.md"), "utf8")).toContain("| `labels` | float32 | [8, 3] |");
});
