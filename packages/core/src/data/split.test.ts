import { describe, expect, test } from "vitest";
import { joinSplits, splitOf } from "./split.ts";

/** Pictures of 3 bytes: the number, the number, the number. */
const numbered = (names: string[], first: number) =>
  splitOf(
    names,
    Int32Array.from(names, (_, i) => first + i),
    3,
    (i) => new Uint8Array(3).fill(first + i),
  );

describe("splitOf", () => {
  test("reads pictures in the order asked for, repeated ones too", async () => {
    expect([...(await numbered(["a", "b", "c"], 5).read([2, 0, 2]))]).toEqual([7, 7, 7, 5, 5, 5, 7, 7, 7]);
  });

  test("reads none", async () => expect(await numbered(["a"], 0).read([])).toHaveLength(0));

  test.each([-1, 1, 0.5, Number.NaN])("refuses position %d", async (index) => {
    await expect(numbered(["a"], 0).read([index])).rejects.toThrow(/no picture at that position/);
  });

  test("refuses labels that don't fit", () => {
    expect(() => splitOf(["a"], new Int32Array(2), 3, () => new Uint8Array(3))).toThrow(/got 2 labels, wanted 1/);
  });
});

describe("joinSplits", () => {
  const joined = joinSplits(numbered(["a", "b"], 0), numbered(["c"], 2));

  test("has the pictures of both", async () => {
    expect(joined.names).toEqual(["a", "b", "c"]);
    expect([...joined.labels]).toEqual([0, 1, 2]);
    expect([...(await joined.read([2, 0, 1, 2]))]).toEqual([2, 2, 2, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect([...(await joined.read([1]))]).toEqual([1, 1, 1]);
    expect(await joined.read([])).toHaveLength(0);
  });

  test("refuses a position beyond both", async () => {
    await expect(joined.read([3])).rejects.toThrow(/got 3, wanted 0 to 2/);
  });
});
