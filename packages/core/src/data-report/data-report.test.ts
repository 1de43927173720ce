import type { Pixels } from "@resonnx/base";
import { describe, expect, test } from "vitest";
import { groupsBy } from "../data/groups.ts";
import { randomFor } from "../random/random.ts";
import { dataReport } from "./data-report.ts";
import { lookOf, type SurveyedPicture } from "./surveyed-picture.ts";

/** A smooth gray picture that only its number tells, lighter by some levels. */
function gray(number: number, lighter = 0): Pixels {
  const random = randomFor(number, 0, 0);
  const waves = Array.from({ length: 8 }, () => [random() * 0.4, random() * 0.4, random() * 6, 14 * random()] as const);
  const data = Uint8Array.from({ length: 4 * 1024 }, (_, at) => {
    const i = at >> 2;
    const [x, y] = [i % 32, Math.floor(i / 32)];
    if (at % 4 === 3) return 255;
    return 110 + lighter + waves.reduce((sum, [a, b, c, d]) => sum + d * Math.sin(a * x + b * y + c), 0);
  });
  return { width: 32, height: 32, data };
}

const picture = (
  name: string,
  number: number,
  more: Partial<SurveyedPicture> & { lighter?: number } = {},
): SurveyedPicture => {
  const { lighter = 0, ...rest } = more;
  const look = lookOf(gray(number, lighter));
  const common = { width: 64, height: 48, mode: "RGB", format: "jpeg", split: "train", label: "a" } as const;
  return { ...common, name, digest: `${number} ${lighter}`, look, ...rest };
};
const report = (pictures: readonly SurveyedPicture[], group?: string) =>
  dataReport({
    ...{ name: "d", labels: ["a", "b"], pictures, corrupt: [{ name: "x.jpg", reason: "broken" }], notes: [] },
    ...(group && { groupOf: groupsBy(group) }),
  });

describe("dataReport", () => {
  test("counts splits, classes, sizes, colours and formats", () => {
    const found = report([
      picture("1", 1),
      picture("2", 2, { label: "b", mode: "gray", width: 100, height: 100 }),
      picture("3", 3, { format: "png" }),
      picture("4", 4, { split: "test", width: 10, height: 20 }),
    ]);
    expect(found).toMatchObject({
      count: 4,
      splits: [
        { split: "train", count: 3, perClass: [2, 1] },
        { split: "test", count: 1, perClass: [1, 0] },
      ],
      imbalance: 2,
      modes: { RGB: 3, gray: 1 },
      formats: { jpeg: 3, png: 1 },
      sizes: {
        smallest: { width: 10, height: 20 },
        median: { width: 64, height: 48 },
        largest: { width: 100, height: 100 },
      },
      corrupt: [{ name: "x.jpg", reason: "broken" }],
      ...{ alike: [], leaks: [], conflicts: [] },
    });
    expect(found.sizes.counts[0]).toEqual({ width: 64, height: 48, count: 2 });
    expect(found.groups).toBeUndefined();
  });

  test("tells identical and near copies, which leak from split to split, and which have two labels", () => {
    const found = report([
      picture("1", 1),
      picture("1 again", 1, { split: "val" }),
      picture("1 for test", 1, { split: "test" }),
      picture("2", 2),
      picture("2 lighter", 2, { split: "test", lighter: 3, label: "b" }),
      ...Array.from({ length: 50 }, (_, i) => picture(`other ${i}`, 10 + i)),
    ]);
    const named = found.alike.map(({ identical, pictures }) => [identical, pictures.map(({ name }) => name)]);
    expect(named).toEqual([
      [true, ["1", "1 again", "1 for test"]],
      [false, ["2", "2 lighter"]],
    ]);
    expect(found.leaks).toEqual([
      { split: "val", identical: 1, near: 0 },
      { split: "test", identical: 1, near: 1 },
    ]);
    expect(found.conflicts).toEqual([found.alike[1]]);
  });

  test("copies within a split leak nowhere", () => {
    const found = report([picture("1", 1, { split: "test" }), picture("2", 1, { split: "test" })]);
    expect(found.alike).toHaveLength(1);
    expect(found.leaks).toEqual([]);
  });

  test("groups in several splits", () => {
    const found = report([picture("s1_a", 1), picture("s1_b", 2, { split: "test" }), picture("s2_a", 3)], "^(s\\d)_");
    expect(found.groups).toEqual({ count: 2, split: [{ group: "s1", counts: { train: 1, test: 1 } }] });
  });

  test("thousands of equal pictures are one set", () => {
    const one = { ...picture("1", 1), look: lookOf({ width: 2, height: 1, data: new Uint8Array(8) }) };
    const black = Array.from({ length: 20_000 }, (_, i) => ({ ...one, name: `${i}`, digest: `${i}` }));
    expect(report(black).alike.map(({ pictures }) => pictures.length)).toEqual([20_000]);
  });

  test("no class without pictures in train makes an imbalance, no pictures no report", () => {
    expect(report([picture("1", 1)]).imbalance).toBeNull();
    expect(report([]).sizes).toMatchObject({ distinct: 0, largest: { width: 0, height: 0 } });
  });
});
