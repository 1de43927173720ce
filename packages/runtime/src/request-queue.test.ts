import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { RequestQueue } from "./request-queue.ts";

test("jobs run one at a time, in order", async () => {
  const queue = new RequestQueue("queue");
  const log: string[] = [];
  const job = (name: string, ms: number) => async () => {
    log.push(`${name} begins`);
    await sleep(ms);
    log.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([queue.add(job("a", 20)), queue.add(job("b", 1))])).toEqual(["a", "b"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("a failing job between two good ones disturbs neither", async () => {
  const queue = new RequestQueue("queue");
  const results = await Promise.allSettled([
    queue.add(async () => 1),
    queue.add(async () => {
      throw new Error("broken");
    }),
    queue.add(() => {
      throw new Error("broken at once");
    }),
    queue.add(async () => 4),
  ]);
  expect(results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.message))).toEqual([
    1,
    "broken",
    "broken at once",
    4,
  ]);
});

test("an abort rejects at once; the next job waits for the real end", async () => {
  const queue = new RequestQueue("queue");
  const stop = new AbortController();
  let running = true;
  const first = queue.add(() => sleep(60).then(() => (running = false)), stop.signal);
  const next = queue.add(async () => running);
  await sleep(5);
  const since = performance.now();
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: "aborted" });
  expect(performance.now() - since).toBeLessThan(30);
  expect(running).toBe(true);
  expect(await next).toBe(false);
});

test("a job aborted while it waits is never started", async () => {
  const queue = new RequestQueue("queue");
  const stop = new AbortController();
  let started = false;
  const first = queue.add(() => sleep(20));
  const waiting = queue.add(async () => {
    started = true;
  }, stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "aborted", message: expect.stringContaining("queue") });
  await first;
  await queue.add(async () => undefined);
  expect(started).toBe(false);
  await expect(queue.add(async () => 1, stop.signal)).rejects.toMatchObject({ code: "aborted" });
});
