import { expect, test } from "vitest";
import { ReadAhead } from "./read-ahead.ts";

test("hands out in order what it began in order, no more ahead than it may be", async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const ahead = new ReadAhead(2, 6, 3, (index) => {
    begun.push(index);
    return new Promise<number>((resolve) => ends.push(() => resolve(index)));
  });
  expect(begun).toEqual([2, 3, 4]);
  const first = ahead.next();
  expect(begun).toEqual([2, 3, 4, 5]);
  for (const end of ends.toReversed()) end();
  expect([await first, await ahead.next(), await ahead.next(), await ahead.next()]).toEqual([2, 3, 4, 5]);
  expect(begun).toHaveLength(4);
});

test("an error comes when its turn has come", async () => {
  const ahead = new ReadAhead(0, 3, 2, async (index) => {
    if (index === 1) throw new Error("no");
    return index;
  });
  expect(await ahead.next()).toBe(0);
  await expect(ahead.next()).rejects.toThrow("no");
  expect(await ahead.next()).toBe(2);
});

test("stopping waits for what is under way and begins nothing more", async () => {
  let running = 0;
  const ahead = new ReadAhead(0, 100, 4, async (index) => {
    running++;
    await new Promise((resolve) => setTimeout(resolve, 10));
    running--;
    if (index === 2) throw new Error("no");
    return index;
  });
  await ahead.next();
  await ahead.stop();
  expect(running).toBe(0);
});
