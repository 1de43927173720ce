import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { RunLock } from "./run-lock.ts";

const now = new Date().toISOString();
const lockIn = (owner?: object | string): string => {
  const path = join(testFolder(), "lock.json");
  if (owner !== undefined) writeFileSync(path, typeof owner === "string" ? owner : JSON.stringify(owner));
  return path;
};
/** A process that is over by now. */
const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
const owner = { pid: process.ppid, host: hostname(), since: now, token: "t" };
const minutesAgo = (path: string, minutes: number) => {
  const time = new Date(Date.now() - minutes * 60_000);
  utimesSync(path, time, time);
};

test("names its owner, keeps a second one out and is gone when released", async () => {
  const path = lockIn();
  const lock = await RunLock.take(path);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
  await expect(RunLock.take(path)).rejects.toThrow(new RegExp(`another run works .*got process ${process.pid} on`));
  await lock.release();
  expect(existsSync(path)).toBe(false);
  await (await RunLock.take(path)).release();
});

test.each([
  ["a process that is gone", { ...owner, pid: dead }, 0],
  ["a process from before the last boot", { ...owner, since: "2001-01-01T00:00:00Z" }, 0],
  ["this process' number in an earlier life", { ...owner, pid: process.pid }, 0],
  ["another host that fell silent", { ...owner, host: "elsewhere" }, 6],
  ["nobody, written long ago", "", 1],
  ["something else, written long ago", '{"pid": "x"}', 1],
])("the lock of %s is taken over", async (_, content, minutes) => {
  const path = lockIn(content);
  minutesAgo(path, minutes);
  await (await RunLock.take(path)).release();
});

test.each([
  ["a living process", owner],
  ["another host that was heard a moment ago", { ...owner, host: "elsewhere" }],
  ["somebody who is just writing it", ""],
])("the lock of %s is respected", async (_, content) => {
  const path = lockIn(content);
  await expect(RunLock.take(path)).rejects.toMatchObject({ code: "bad-input" });
  expect(existsSync(path)).toBe(true);
});

test("of many that see a dead lock one gets it, and it is let go without touching another's", async () => {
  const path = lockIn({ ...owner, pid: dead });
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => RunLock.take(path)));
  const taken = all.filter((each) => each.status === "fulfilled");
  expect(taken).toHaveLength(1);
  writeFileSync(path, JSON.stringify(owner));
  await taken[0]!.value.release();
  expect(existsSync(path)).toBe(true);
});
