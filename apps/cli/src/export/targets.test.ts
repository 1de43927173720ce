import { resolve } from "node:path";
import { expect, test } from "vitest";
import { writeFiles } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { exportTargets } from "./targets.ts";

const folder = testFolder((path) => writeFiles(path, { "runs/mine/model.onnx": "" }));
const at = (path: string) => resolve(folder(), path);

test.each([
  [["doodle/model.json"], {}, ["doodle/doodle.onnx"]],
  [["happy.h5", "sub/other.keras"], {}, ["happy.onnx", "sub/other.onnx"]],
  [["doodle/model.json", "happy.h5"], { outDir: "out" }, ["out/doodle.onnx", "out/happy.onnx"]],
  [["runs/mine"], { outDir: "out" }, ["out/mine.onnx"]],
  [["runs/mine"], {}, ["runs/mine.onnx"]],
  [["happy.h5"], { out: "a/b.onnx" }, ["a/b.onnx"]],
])("%j with %j", async (inputs, { out, outDir }: { out?: string; outDir?: string }, outputs) => {
  const targets = await exportTargets(inputs, { out, outDir }, at);
  expect(targets).toEqual(inputs.map((input, i) => ({ input, output: outputs[i] })));
});

test.each([
  [["a.h5", "b.h5"], { out: "x.onnx", outDir: undefined }, /one file for several models \(got 2 inputs\)/],
  [["a.h5"], { out: "x.onnx", outDir: "y" }, /can't be used together with --out-dir/],
])("%j with %j is refused", async (inputs, destination, message) => {
  await expect(exportTargets(inputs, destination, at)).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(message),
  });
});

test("an export that would take its source's place is refused", async () => {
  await expect(exportTargets(["mine.keras"], { out: "./mine.keras", outDir: undefined }, at)).rejects.toMatchObject({
    code: "bad-input",
    facts: { where: "./mine.keras", what: "an export would replace its own source" },
  });
});
