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
