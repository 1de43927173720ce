import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(writeModels);
const plot = (...args: string[]) => resonnx(["plot", ...args], { folder: folder() });

test.each(["run", "colours.h5"])("%s is drawn", async (model) => {
  const { code, out } = await plot(model, "--out", "new/m.svg", "--json");
  expect({ code, value: JSON.parse(out) }).toEqual({ code: 0, value: { output: "new/m.svg", layers: 3 } });
  const svg = await readFile(join(folder(), "new/m.svg"), "utf8");
  expect(svg).toMatch(/^<svg [\s\S]*picture[\s\S]*\(None, 4, 4, 3\)[\s\S]*colour[\s\S]*<\/svg>\n$/);
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
