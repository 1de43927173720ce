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
