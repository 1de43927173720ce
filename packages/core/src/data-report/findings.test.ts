import { expect, test } from "vitest";
import type { DataReport } from "./data-report.ts";
import { findings } from "./findings.ts";
import { renderDataReport } from "./render-data-report.ts";

const member = (name: string, label: string) => ({ name, label, split: "train" as const });
const fine: DataReport = {
  ...{ name: "d", count: 12, labels: ["a", "b"], imbalance: 2, modes: { RGB: 12 }, formats: { png: 12 } },
  splits: [
    { split: "train", count: 9, perClass: [6, 3] },
    { split: "test", count: 3, perClass: [2, 1] },
  ],
  sizes: {
    ...{ smallest: { width: 2, height: 1 }, median: { width: 2, height: 1 }, largest: { width: 2, height: 1 } },
    ...{ distinct: 1, counts: [{ width: 2, height: 1, count: 12 }] },
  },
  ...{ corrupt: [], alike: [], leaks: [], conflicts: [], notes: [] },
};
const conflict = { identical: true, pictures: [member("1.png", "a"), member("<2>.png", "b")] };

test("nothing is said of a sound data set", () => expect(findings(fine)).toEqual([]));

test.each<[Partial<DataReport>, string]>([
  [
    { leaks: [{ split: "test", identical: 2, near: 1 }] },
    "Of 3 test pictures 2 are also in train or val, 1 looks like one in train or val: a model may know them by heart.",
  ],
  [
    { leaks: [{ split: "test", identical: 0, near: 1 }] },
    "Of 3 test pictures 1 looks like one in train or val: a model may know them by heart.",
  ],
  [{ conflicts: [conflict] }, "One picture is there several times, with different labels."],
  [{ conflicts: [{ ...conflict, identical: false }] }, "One set of pictures that look alike has several labels."],
  [{ corrupt: [{ name: "x.png", reason: "cut" }] }, "1 of 13 pictures can't be decoded."],
  [{ imbalance: 3.5 }, "The largest class has 3.5 times as many training pictures as the smallest."],
  [{ splits: [{ split: "train", count: 9, perClass: [9, 0] }] }, "No training picture shows b."],
  [
    { groups: { count: 5, split: [{ group: "s1", counts: { train: 1, test: 2 } }] } },
    "1 of 5 groups are in several splits.",
  ],
])("%j is told", (change, text) => expect(findings({ ...fine, ...change })).toEqual([text]));

test("the page shows findings, charts and the pictures of a conflict, with names escaped, and loads nothing", async () => {
  const text = await renderDataReport(
    { ...fine, conflicts: [conflict], alike: [conflict] },
    async (name) => `data:image/png;base64,${name.length}`,
  );
  expect(text).toContain("One picture is there several times");
  expect(text).toMatch(/aria-label="pictures of each class by split"/);
  expect(text).toContain("All are of one size.");
  expect(text).toContain('src="data:image/png;base64,7" alt="&lt;2&gt;.png: b, train"');
  expect(text).not.toMatch(/<script|<link|src="(?!data:)|https?:(?!\/\/www\.w3\.org)/);
});
