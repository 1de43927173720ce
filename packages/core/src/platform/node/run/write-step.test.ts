import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { tinyResNet } from "../../../testing/tiny.ts";
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
