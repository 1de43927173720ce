import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pictures, writeFiles } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const folder = testFolder(async (path) => {
  await writeFiles(path, {
    "data/train/red/s1.png": pictures.red,
    "data/train/blue/s2.png": pictures.blue,
    "data/train/blue/s3.png": pictures.red,
    "data/test/red/s1_2.png": pictures.red,
    "broken/red/1.png": "not a picture",
    "broken/blue/2.png": "nor this",
  });
});
const data = (...args: string[]) => resonnx(["data", ...args], { folder: folder() });

test("--json prints the report: splits, leaks, conflicting labels and groups", async () => {
  const { code, out } = await data("inspect", "data", "--group", "^(s.)", "--json");
  expect(JSON.parse(out)).toMatchObject({
    count: 4,
    labels: ["blue", "red"],
    splits: [
      { split: "train", count: 3, perClass: [2, 1] },
      { split: "test", count: 1, perClass: [0, 1] },
    ],
    leaks: [{ split: "test", identical: 1, near: 0 }],
    conflicts: [{ identical: true, pictures: [{}, {}, {}] }],
    groups: { count: 3, split: [{ group: "s1", counts: { train: 1, test: 1 } }] },
  });
  expect(code).toBe(0);
});

test("the text says first what is wrong; --out writes a page", async () => {
  const { out, err } = await data("inspect", "data", "--out", "report.html");
  expect(out).toMatch(/^data: 4 pictures of 2 classes\n\n- Of 1 test pictures 1 is also in train or val/);
  expect(out).toMatch(/^Several labels \(1\)\n {2}identical: .*train\/red\/s1.png \(red, train\)/m);
  const page = readFileSync(join(folder(), "report.html"), "utf8");
  expect(page).toContain("One picture is there several times, with different labels.");
  expect(err).toContain("report.html");
});

test("data without one picture that can be decoded fails", async () => {
  const { code, out } = await data("inspect", "broken");
  expect(out).toMatch(/2 of 2 pictures can't be decoded/);
  expect(out).not.toMatch(/sizes:/);
  expect(code).toBe(1);
});

test.each([
  [["show", "data"], /action: unknown \(got show, wanted inspect\)/],
  [["inspect", "missing"], /missing: no such file or folder/],
  [["inspect", "data", "--out", "report.pdf"], /--out: .*got report.pdf, wanted a file that ends in .html/],
  [["inspect", "data", "--group", "["], /--group: no regular expression/],
])("%j is refused", async (args, message) => {
  const { code, out, err } = await data(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});
