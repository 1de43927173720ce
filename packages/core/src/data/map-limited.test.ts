import { expect, test } from "vitest";
import { mapLimited } from "./map-limited.ts";

test("keeps the order and the limit", async () => {
  let underWay = 0;
  let most = 0;
  const results = await mapLimited([30, 5, 20, 1, 10], 2, async (ms, index) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, ms));
    underWay--;
    return `${index}:${ms}`;
  });
  expect(results).toEqual(["0:30", "1:5", "2:20", "3:1", "4:10"]);
  expect(most).toBe(2);
});

test("starts nothing more after a rejection", async () => {
  const started: number[] = [];
  const run = mapLimited([0, 1, 2, 3, 4, 5], 2, async (item) => {
    started.push(item);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (item === 0) throw new Error("no");
  });
  await expect(run).rejects.toThrow("no");
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(started.length).toBeLessThanOrEqual(3);
});

test("of nothing is nothing", async () => expect(await mapLimited([], 3, async () => 1)).toEqual([]));
