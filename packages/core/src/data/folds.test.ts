import { expect, test } from "vitest";
import { tinyDataset } from "../testing/tiny.ts";
import { foldsOf } from "./folds.ts";

const classes = (labels: Int32Array) => [0, 1, 2].map((k) => labels.filter((label) => label === k).length);

test("every picture of train and val is tested once, classes evenly", async () => {
  const dataset = tinyDataset();
  const folds = foldsOf(dataset, 5, 1);
  const tested = folds.flatMap(({ splits }) => splits.test.names);
  const { train, val } = dataset.splits;
  expect(tested.toSorted()).toEqual([...train.names, ...val!.names].toSorted());
  for (const { splits } of folds) {
    expect(splits.val).toBeUndefined();
    expect(splits.train.names.filter((name) => splits.test.names.includes(name))).toEqual([]);
    expect(splits.train.names.length + splits.test.names.length).toBe(40);
    expect(splits.test.names).toHaveLength(8);
    for (const n of classes(splits.test.labels)) expect([2, 3]).toContain(n);
  }
  const [noted] = foldsOf({ ...dataset, notes: ["2 of 12 test pictures are odd."] }, 5, 1);
  expect(noted!.notes).toEqual(["Of the data set's own splits: 2 of 12 test pictures are odd."]);
  const at = train.names.indexOf(folds[0]!.splits.train.names[0]!);
  expect(await folds[0]!.splits.train.read([0])).toEqual(await train.read([at]));
});

test("the seed decides which, and nothing else", () => {
  const tests = (seed: number) => foldsOf(tinyDataset(), 4, seed).map(({ splits }) => splits.test.names);
  expect(tests(3)).toEqual(tests(3));
  expect(tests(3)).not.toEqual(tests(4));
});

test.each([1, 41, 2.5])("%d parts are refused", (count) => {
  expect(() => foldsOf(tinyDataset(), count, 1)).toThrow(/folds: .*2 to 40/);
});

test("groups stay whole, classes as even as they allow; fewer groups than parts are refused", () => {
  const dataset = tinyDataset();
  const groupOf = (name: string) => `${Number(/(\d+)\.png/.exec(name)![1]) % 7}`;
  const folds = foldsOf(dataset, 3, 1, groupOf);
  const groups = folds.map(({ splits }) => new Set(splits.test.names.map(groupOf)));
  expect(groups.map((own) => own.size).reduce((a, b) => a + b)).toBe(new Set(groups.flatMap((own) => [...own])).size);
  expect(folds.flatMap(({ splits }) => splits.test.names)).toHaveLength(40);
  for (const { splits } of folds) expect(Math.abs(splits.test.names.length - 40 / 3)).toBeLessThan(4);
  expect(() => foldsOf(dataset, 8, 1, groupOf)).toThrow(/2 to 7, as there are 7 groups/);
});

test("identical pictures are tested together, whatever the seed; look-alikes keep to the new splits", () => {
  const tiny = tinyDataset();
  const member = (split: "train" | "val" | "test", i: number, label: string) => ({
    ...{ name: tiny.splits[split]!.names[i]!, label, split },
  });
  const three = [member("train", 0, "top"), member("train", 3, "top"), member("val", 0, "top")];
  const contradicting = [member("train", 7, "middle"), member("val", 2, "bottom"), member("test", 1, "middle")];
  const near = [member("train", 9, "top"), member("train", 12, "top")];
  const alike = [
    { identical: true, pictures: three },
    { identical: true, pictures: contradicting },
    { identical: false, pictures: near },
  ];
  const names = (set: readonly { name: string }[]) => set.map(({ name }) => name);
  let apart = 0;
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const folds = foldsOf({ ...tiny, alike }, 4, seed);
    expect(folds.flatMap(({ splits }) => splits.test.names)).toHaveLength(40);
    for (const { splits, duplicates, alike: sets } of folds) {
      for (const set of [three, contradicting.slice(0, 2)]) {
        expect([0, set.length]).toContain(names(set).filter((name) => splits.test.names.includes(name)).length);
      }
      expect(duplicates).toEqual([]);
      expect(splits.test.names.length).toBeGreaterThan(6);
      expect(splits.test.names.length).toBeLessThan(14);
      expect(sets!.map(({ pictures }) => names(pictures))).toEqual([three, contradicting.slice(0, 2), near].map(names));
      for (const { name, split } of sets!.flatMap(({ pictures }) => pictures)) {
        expect(splits[split]!.names).toContain(name);
      }
      apart += new Set(sets![2]!.pictures.map(({ split }) => split)).size - 1;
    }
  }
  expect(apart).toBeGreaterThan(0); // near ones may part, which is reported
  const same = { identical: true, pictures: tiny.splits.train.names.map((_, i) => member("train", i, "top")) };
  expect(() => foldsOf({ ...tiny, alike: [same] }, 14, 1)).toThrow(/as there are 13 different pictures/);
});

test("copies in different groups are told to be duplicates", () => {
  const tiny = tinyDataset();
  const [a, b] = tiny.splits.train.names as [string, string];
  const alike = [
    { identical: true, pictures: [a, b].map((name) => ({ name, label: "top", split: "train" as const })) },
  ];
  const folds = foldsOf({ ...tiny, alike }, 2, 1, (name) => name);
  const tested = folds.map(({ splits }) => splits.test.names);
  const wanted = tested.map((names) => (names.includes(a) === names.includes(b) ? [] : [names.includes(a) ? a : b]));
  expect(folds.map(({ duplicates }) => duplicates)).toEqual(wanted);
});
