import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coloursModel, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, { "colours.json": JSON.stringify(coloursModel().toJSON(null, false)) }); // for `--model`
});
const plot = (...args: string[]) => resonnx(["plot", ...args], { folder: folder() });

test.each(["run", "colours.h5", "colours.json"])("%s is drawn", async (model) => {
  const { code, out } = await plot(model, "--out", "new/m.svg", "--json");
  expect({ code, value: JSON.parse(out) }).toEqual({ code: 0, value: { output: "new/m.svg", layers: 3 } });
  const svg = await readFile(join(folder(), "new/m.svg"), "utf8");
  expect(svg).toMatch(/^<svg [\s\S]*picture[\s\S]*\(None, 4, 4, 3\)[\s\S]*colour[\s\S]*<\/svg>\n$/);
});

test("a network is drawn by its name, as training begins with it", async () => {
  const { code, out } = await plot("happyModel", "--out", "happy.svg");
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^happy\.svg: \d+ layers$/) });
  expect(await readFile(join(folder(), "happy.svg"), "utf8")).toMatch(/\(None, 64, 64, 3\)[\s\S]*\(None, 6\)/);
});

test("what lies at the path goes before a network's name", async () => {
  await cp(join(folder(), "run"), join(folder(), "resnet18"), { recursive: true });
  const { out } = await plot("resnet18", "--out", "m.svg", "--json");
  expect(JSON.parse(out)).toEqual({ output: "m.svg", layers: 3 });
});

test.each([
  [["run"], 2, /required option '--out <file\.svg>'/],
  [["plain.onnx", "--out", "m.svg"], 1, /plain\.onnx: can't be drawn \(got an \.onnx file/],
  [["missing.h5", "--out", "m.svg"], 2, /no such file/],
] as const)("%j is refused", async (args, wanted, message) => {
  const { code, out, err } = await plot(...args);
  expect({ code, out }).toEqual({ code: wanted, out: "" });
  expect(err).toMatch(message);
});
