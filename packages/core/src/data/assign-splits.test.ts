import { describe, expect, test } from "vitest";
import { assignSplits } from "./assign-splits.ts";
import type { Labelled } from "./dataset.ts";
import { groupsBy } from "./groups.ts";

const pictures = (label: string, count: number, split?: Labelled["split"]): Labelled[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `${split ?? ""}${label}/${i}.jpg`,
    label,
    ...(split && { split }),
  }));

const counts = (list: readonly Labelled[], label: string) =>
  ["train", "val", "test"].map((split) => list.filter((one) => one.label === label && one.split === split).length);

describe("assignSplits", () => {
  test("makes 15 % test and 10 % val of each class, and says so", () => {
    const { pictures: assigned, notes } = assignSplits([...pictures("a", 100), ...pictures("b", 20)]);
    expect(counts(assigned, "a")).toEqual([75, 10, 15]);
    expect(counts(assigned, "b")).toEqual([15, 2, 3]);
    expect(notes).toEqual([
      "No test split is given: one was made from a hash of each name, class by class: 18 for test (15 %) and 12 for val " +
        "(10 %), 90 left for training. It doesn't depend on the seed.",
    ]);
  });

  test("depends on the names, not on their order", () => {
    const list = [...pictures("a", 40), ...pictures("b", 40)];
    const key = ({ name, split }: Labelled) => `${name} ${split}`;
    const again = assignSplits(list.toReversed()).pictures.map(key);
    expect(again.sort()).toEqual(assignSplits(list).pictures.map(key).sort());
  });

  test("doesn't take neighbours: consecutive numbers are spread", () => {
    const chosen = assignSplits(pictures("a", 1000)).pictures.flatMap(({ split }, i) => (split === "test" ? [i] : []));
    const inFirstHalf = chosen.filter((i) => i < 500).length;
    expect(Math.abs(inFirstHalf - 75)).toBeLessThan(24); // 4 standard deviations
  });

  test.each([
    [1, [1, 0, 0]],
    [2, [1, 0, 1]],
    [5, [3, 1, 1]],
  ])("%d pictures of a class leave some for training", (count, wanted) => {
    expect(counts(assignSplits([...pictures("a", count), ...pictures("b", 9)]).pictures, "a")).toEqual(wanted);
  });

  test("given splits stay as they are", () => {
    const list = [...pictures("a", 3, "train"), ...pictures("a", 2, "test")];
    expect(assignSplits(list)).toEqual({ pictures: list, notes: [] });
  });

  test("without a given test split, it comes out of train, and val is left alone", () => {
    const { pictures: assigned, notes } = assignSplits([...pictures("a", 20, "train"), ...pictures("a", 10, "val")]);
    expect(counts(assigned, "a")).toEqual([17, 10, 3]);
    expect(notes[0]).toMatch(/3 for test \(15 %\), 17 left/);
  });

  test("says when there is nothing to train on", () => {
    expect(assignSplits(pictures("a", 3, "test")).notes).toEqual([
      "There are no training pictures: this data can only be evaluated on.",
    ]);
  });
});

describe("assignSplits by group", () => {
  /** 24 signers of 5 to 28 pictures, each of them showing every class. */
  const signers = Array.from({ length: 24 }, (_, signer) =>
    Array.from({ length: signer + 5 }, (_, i) => ({ name: `${i % 3}/s${signer}_${i}.jpg`, label: `${i % 3}` })),
  ).flat();
  const groupOf = groupsBy("^(s\\d+)_");
  const of = (list: readonly Labelled[], split: string) => list.filter((one) => one.split === split);

  test("no group is in two splits, and each class has its shares", () => {
    const { pictures: assigned, notes } = assignSplits(signers, groupOf);
    const groups = ["train", "val", "test"].map(
      (split) => new Set(of(assigned, split).map(({ name }) => groupOf(name))),
    );
    expect(groups.map(({ size }) => size).reduce((a, b) => a + b)).toBe(24);
    for (const label of ["0", "1", "2"]) {
      const [train, val, test] = counts(assigned, label);
      const all = train! + val! + test!;
      expect(Math.abs(test! / all - 0.15)).toBeLessThan(0.02);
      expect(Math.abs(val! / all - 0.1)).toBeLessThan(0.02);
    }
    expect(notes[0]).toMatch(/one was made of whole groups \(24 in all\): \d+ for test/);
  });

  test("depends on the names, not on their order", () => {
    const key = ({ name, split }: Labelled) => `${name} ${split}`;
    const again = assignSplits(signers.toReversed(), groupOf).pictures.map(key);
    expect(again.sort()).toEqual(assignSplits(signers, groupOf).pictures.map(key).sort());
  });

  test("given splits stay, and it is said how many groups they tear apart", () => {
    const list = signers.map((one, i) => ({ ...one, split: i % 40 === 0 ? ("test" as const) : ("train" as const) }));
    const { pictures: assigned, notes } = assignSplits(list, groupOf);
    expect(assigned).toEqual(list);
    const torn = new Set(list.filter(({ split }) => split === "test").map(({ name }) => groupOf(name))).size;
    expect(notes).toEqual([
      `The splits are given, so they stay whatever the groups are: ${torn} of 24 groups are in several splits.`,
    ]);
  });

  test("of two groups the smaller one is for test", () => {
    const list = ["a1", "a2", "a3", "b1", "b2"].map((name) => ({ name: `${name}.jpg`, label: name.slice(1) }));
    const { pictures: assigned } = assignSplits(list, groupsBy("^(.)"));
    expect(assigned.map(({ split }) => split)).toEqual(["train", "train", "train", "test", "test"]);
  });

  test("pictures that tell no group are groups of their own, and counted", () => {
    const list = [...signers, { name: "0/unknown.jpg", label: "0" }];
    expect(assignSplits(list, groupOf).notes[0]).toMatch(
      /25 in all, of which 1 are pictures whose names tell no group/,
    );
  });

  test.each([
    ["^(s)", /all pictures are of one group/],
    ["^(nobody)", /no file's name tells a group/],
    ["^s", /--group: no parentheses/],
    ["(", /--group: no regular expression/],
  ])("%s is refused", (pattern, message) => {
    expect(() => assignSplits(signers, groupsBy(pattern))).toThrow(message);
  });
});
