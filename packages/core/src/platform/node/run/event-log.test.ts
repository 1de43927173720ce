import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { EventLog } from "./event-log.ts";

const row = (epoch: number) => ({ epoch, steps: 1, seconds: 2, loss: 1, accuracy: 0.5, learningRate: 0.1 });
const validated = (epoch: number) => ({ ...row(epoch), valLoss: 1, valAccuracy: 1 });

/** How many whole records the only event file of a curve has; each is its length, 16 bytes more, and nothing else. */
function records(folder: string, curve: string): number {
  const [name, ...more] = readdirSync(join(folder, curve));
  expect(more).toEqual([]);
  const bytes = readFileSync(join(folder, curve, name!));
  let [at, count] = [0, 0];
  for (; at < bytes.length; count++) at += Number(bytes.readBigUInt64LE(at)) + 16;
  expect(at).toBe(bytes.length);
  return count;
}

test("appends an event an epoch, and begins anew with those that there are", async () => {
  const folder = testFolder();
  const log = await EventLog.open(folder, []);
  for (const epoch of [1, 2]) await log.append(validated(epoch));
  expect([records(folder, "train"), records(folder, "validation")]).toEqual([3, 3]);
  appendFileSync(join(folder, "train", readdirSync(join(folder, "train"))[0]!), "half a record");
  const again = await EventLog.open(folder, [validated(1)], Date.now() / 1000 + 5);
  expect(records(folder, "train")).toBe(2);
  await again.append(row(2));
  expect([records(folder, "train"), records(folder, "validation")]).toEqual([3, 2]);
});
