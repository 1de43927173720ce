import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { stillRecipe } from "../../../augment/recipe.ts";
import { splitOf } from "../../../data/split.ts";
import { randomFor } from "../../../random/random.ts";
import { Batches } from "../../../train/batches.ts";
import { recipes } from "../../../train/recipe.ts";
import type { Place } from "../data/files/place.ts";
import { openDataset } from "../data/open-dataset.ts";
import { decodeInWorkers } from "./decode-in-workers.ts";
import { batchesIn } from "./make-batches.ts";
import { poolOf } from "./shared-pool.ts";
import { WorkerPool } from "./worker-pool.ts";

const hands = join(import.meta.dirname, "../../../../assets/hand-signs/3");
const places = readdirSync(hands).map((name): Place => ({ in: "folder", path: join(hands, name) }));
const size = { width: 24, height: 20 };

/** A thread's script. */
const script = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
const dies = script(
  `import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(3));`,
);
const breaks = script(
  `import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { throw new Error("ouch"); });`,
);
/** Runs out of the memory that a thread has. */
const bursts = script(
  `import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { const all = []; for (;;) all.push(new Array(1e6).fill(0.5)); });`,
);

test("1, 2 and 3 workers decode the same, whoever is first", async () => {
  const parts = [places.slice(0, 9), places.slice(9, 10), places.slice(10, 30)];
  const read = async (pool: WorkerPool) =>
    (await Promise.all(parts.map((part) => decodeInWorkers(pool, { places: part, ...size })))).map(
      ({ rgb, identities }) => ({
        rgb: Buffer.from(rgb).toString("base64"),
        identities,
      }),
    );
  const [one, two, three] = await Promise.all([1, 2, 3].map((n) => read(new WorkerPool({ size: n }))));
  expect(new Set(one!.map(({ rgb }) => rgb)).size).toBe(3);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
});

test("1, 2 and 3 workers make the batches that are made here", async () => {
  const bytes = size.width * size.height * 3;
  const split = splitOf(
    places.slice(0, 20).map((_, i) => `${i}`),
    Int32Array.from({ length: 20 }, (_, i) => i % 3),
    bytes,
    (index) => Uint8Array.from({ length: bytes }, (_, at) => 256 * randomFor(index, 0, at % 97)()),
  );
  const augment = { ...stillRecipe, rotate: 20, hue: 0.2, cutout: 0.3, cutmix: 1 };
  const options = { split, size, classes: 3, batchSize: 8, seed: 5, recipe: { ...recipes.default, augment } };
  const here = new Batches(options);
  const wanted = await Promise.all([0, 1, 2].map((step) => here.at(1, step)));
  for (const n of [1, 2, 3]) {
    const there = new Batches({ ...options, make: batchesIn(new WorkerPool({ size: n })) });
    expect(await Promise.all([0, 1, 2].map((step) => there.at(1, step)))).toEqual(wanted);
  }
});

test("a thread starts when there is work, as many as there may be, and ends when there is none", async () => {
  const pool = new WorkerPool({ size: 2 });
  expect(pool.threads).toBe(0);
  await Promise.all([1, 2, 3, 4].map((n) => decodeInWorkers(pool, { places: places.slice(0, n), ...size })));
  expect(pool.threads).toBe(2);
  await vi.waitFor(() => expect(pool.threads).toBe(0), { timeout: 10_000, interval: 100 });
  expect((await decodeInWorkers(pool, { places: places.slice(0, 1), ...size })).identities).toHaveLength(1);
});

test.each([
  ["exits", dies, /picture worker: it has ended/],
  ["throws", breaks, /picture worker: it broke: ouch/],
  ["runs out of memory", bursts, /picture worker: it broke: .*memory/],
])(
  "what a thread was doing when it %s is a typed error, and the next task gets a new thread",
  async (_, body, message) => {
    const pool = new WorkerPool({ size: 1, script: body, megabytes: 40 });
    const tasks = [1, 2].map(() => pool.run("decode", { places: [], ...size }));
    for (const result of await Promise.allSettled(tasks))
      expect(result).toMatchObject({
        reason: { name: "ResonnxError", code: "failed", message: expect.stringMatching(message) },
      });
    expect(pool.threads).toBe(0);
  },
);

test("what a task throws comes back as its error, and the thread lives on", async () => {
  const pool = new WorkerPool({ size: 1 });
  const job = {
    indices: new Int32Array(1),
    truth: new Int32Array(1),
    classes: 2,
    seed: 1,
    epoch: 0,
    labelSmoothing: 0,
  };
  const wrong = pool.run("batch", { ...job, ...size, pixels: new Uint8Array(5), augment: stillRecipe });
  await expect(wrong).rejects.toMatchObject({ code: "bad-input", message: expect.stringMatching(/values don't fit/) });
  expect(pool.threads).toBe(1);
});

test("an abort while a dataset is opened ends it, and its workers soon after", async () => {
  const abort = new AbortController();
  const pool = poolOf(undefined);
  const opening = openDataset("hand-signs", { signal: abort.signal, onProgress: (done) => done > 40 && abort.abort() });
  await expect(opening).rejects.toMatchObject({ code: "aborted" });
  expect(pool.threads).toBeGreaterThan(0);
  await vi.waitFor(() => expect(pool.threads).toBe(0), { timeout: 10_000, interval: 100 });
});
