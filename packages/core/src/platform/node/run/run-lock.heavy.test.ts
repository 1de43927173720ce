import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { randomFor } from "../../../random/random.ts";
import { testFolder } from "../../../testing/folder.ts";
import { RunLock } from "./run-lock.ts";

const SCRIPT = new URL("../../../../dist/testing/take-lock.js", import.meta.url);
const ROUNDS = process.env.RESONNX_FULL === "1" ? 200 : 10;
/** Each round of kills starts all processes anew. */
const KILLED_ROUNDS = ROUNDS / 2;
const RIVALS = 6;
/** Longest wait before a kill, ms: about as long as a take-over takes. */
const WITHIN = 4;

const rivals: ChildProcess[] = [];
afterAll(() => {
  for (const rival of rivals) rival.kill("SIGKILL");
});

async function rival(): Promise<ChildProcess> {
  const child = fork(SCRIPT, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  rivals.push(child);
  child.setMaxListeners(0); // two more with each answer
  await once(child, "message");
  return child;
}

/** What a process answers; "killed" when it doesn't live to. */
const answerOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once("message", (message) => resolve(String(message)));
    child.once("exit", () => resolve("killed"));
  });

async function killed(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

test(`of ${RIVALS} processes that take a dead one's lock over at once, one gets it; ${ROUNDS} times`, async () => {
  const path = join(testFolder(), "run.lock");
  let waiting = await Promise.all(Array.from({ length: RIVALS }, rival));
  for (let round = 0; round < ROUNDS; round++) {
    const answers = waiting.map(answerOf);
    for (const child of waiting) child.send(path);
    const got = await Promise.all(answers);
    expect(
      got.filter((answer) => answer === "taken"),
      `round ${round}`,
    ).toHaveLength(1);
    const owner = waiting[got.indexOf("taken")]!;
    for (const answer of got) if (answer !== "taken") expect(answer).toMatch(/another run works in this folder/);
    expect(await RunLock.isTaken(path)).toBe(true);
    await killed(owner);
    expect(await RunLock.isTaken(path)).toBe(false);
    waiting = [...waiting.filter((child) => child !== owner), await rival()];
  }
  const lock = await RunLock.take(path);
  expect(readdirSync(join(path, ".."))).toEqual(["run.lock"]);
  await lock.release();
});

test(`of rivals that are killed in the middle of it never two have the lock; ${KILLED_ROUNDS} times`, async () => {
  const path = join(testFolder(), "run.lock");
  const random = randomFor(3, 0, 0);
  for (let round = 0; round < KILLED_ROUNDS; round++) {
    const all = await Promise.all(Array.from({ length: RIVALS }, rival));
    const answers = all.map(answerOf);
    for (const child of all) child.send(path);
    const victims = all.slice(0, RIVALS / 2).map(async (child) => {
      await sleep(WITHIN * random());
      await killed(child);
    });
    const [got] = await Promise.all([Promise.all(answers), ...victims]);
    const owners = all.filter((child, i) => got[i] === "taken" && child.signalCode === null);
    expect(owners.length, `round ${round}`).toBeLessThanOrEqual(1);
    for (const child of all) await killed(child);
  }
  await (await RunLock.take(path)).release(); // whatever they left
});
