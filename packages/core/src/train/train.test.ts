import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Split } from "../data/dataset.ts";
import type { TrainingState } from "../engines/engine.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { OnnxEngine } from "../platform/node/onnx/onnx-engine.ts";
import { defaultConfig } from "../platform/node/run/options.ts";
import { RunFolder } from "../platform/node/run/run-folder.ts";
import { tinyResNet, tinySplit } from "../testing/tiny.ts";
import { Batches } from "./batches.ts";
import { evaluate } from "./evaluate.ts";
import type { Position } from "./position.ts";
import { learningRateAt, recipes } from "./recipe.ts";
import { type Trained, train } from "./train.ts";
import { updateOptionsOf } from "./update-recipe.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "resonnx-train-"));
});
afterAll(() => rm(root, { recursive: true }));

const engine = new OnnxEngine("cpu", "test");
const config = { ...defaultConfig, data: "tiny" };

interface Sitting {
  readonly from?: { state: TrainingState; position: Position } | undefined;
  readonly folder: RunFolder;
  /** Fires after so many steps. */
  readonly stopAfter?: number;
  /** Fires when the validation pictures are read for this time. */
  readonly stopInRead?: number;
  readonly learningRate?: number;
  readonly batchSize?: number;
}

async function sit({
  from,
  folder,
  stopAfter = Number.POSITIVE_INFINITY,
  stopInRead,
  learningRate = 0.01,
  batchSize = 8,
}: Sitting): Promise<{ trained: Trained; state: TrainingState; val: Evaluation; reads: number }> {
  const session = await engine.open({ model: tinyResNet(), ...updateOptionsOf(recipes.default), batchSize });
  const abort = new AbortController();
  let steps = 0;
  let valReads = 0;
  const val = tinySplit(12, 2);
  const read: Split["read"] = (positions) => {
    if (++valReads === stopInRead) abort.abort();
    return val.read(positions);
  };
  const stateReads = vi.spyOn(session, "state");
  try {
    if (from) await session.restore(from.state);
    const trained = await train({
      session,
      train: tinySplit(28, 1),
      val: { ...val, read },
      size: { width: 8, height: 8 },
      labels: ["0", "1", "2"],
      recipe: recipes.default,
      epochs: 4,
      batchSize,
      learningRate,
      seed: 9,
      store: folder,
      from: from?.position,
      signal: abort.signal,
      onProgress: (event) => {
        if (event.is === "step" && ++steps === stopAfter) abort.abort();
      },
    });
    const reads = stateReads.mock.calls.length;
    const judged = await evaluate(session, val, ["0", "1", "2"], 8, { averaged: true });
    return { trained, state: await session.state(), val: judged, reads };
  } finally {
    await session.dispose();
  }
}

const withoutTimes = ({ history, ...rest }: Position) => ({
  ...rest,
  history: history.map(({ seconds: _, waiting: __, ...row }) => row),
});

test("a run stopped inside an epoch and resumed from its files equals an uninterrupted one bit for bit", async () => {
  const whole = await sit({ folder: await RunFolder.create(join(root, "whole"), config) });
  const path = join(root, "stopped");
  const begun = await RunFolder.create(path, config);
  await expect(sit({ folder: begun, stopAfter: 6 })).rejects.toMatchObject({ code: "aborted" });
  await begun.close();
  const { folder } = (await RunFolder.open(path))!;
  const from = await folder.loadLast();
  expect(from?.position).toMatchObject({ epoch: 1, step: 2 });
  const resumed = await sit({ from, folder });
  expect(withoutTimes(resumed.trained.position)).toEqual(withoutTimes(whole.trained.position));
  expect(resumed.state).toEqual(whole.state);
  const { kept, position } = whole.trained;
  expect(kept.averaged).toBe(true); // as the recipe says; the history's validation is of the same weights
  expect(whole.val.loss).toBeCloseTo(position.history[kept.epoch - 1]!.valLoss!, 12);
  expect(whole.trained.position.history.map(({ epoch, steps }) => [epoch, steps])).toEqual([
    [1, 4],
    [2, 4],
    [3, 4],
    [4, 4],
  ]);
});

test("a run stopped while it is judged goes on with judging, bit for bit, and copies its state once an epoch", async () => {
  const whole = await sit({ folder: await RunFolder.create(join(root, "whole-judged"), config) });
  expect(whole.reads).toBe(4);
  const begun = await RunFolder.create(join(root, "stopped-judged"), config);
  // Two batches an epoch, both read ahead: in epoch 2.
  await expect(sit({ folder: begun, stopInRead: 3 })).rejects.toMatchObject({ code: "aborted" });
  const from = await begun.loadLast();
  expect(from?.position).toMatchObject({ epoch: 1, step: 4 });
  expect(from?.position.history.length).toBe(1);
  const resumed = await sit({ from, folder: begun });
  expect(withoutTimes(resumed.trained.position)).toEqual(withoutTimes(whole.trained.position));
  expect(resumed.state).toEqual(whole.state);
  await begun.close();
});

test.each([
  {
    batchSize: 8,
    reason: /^step 7: the loss is not a finite number: the weight "\w+\/\w+" was not finite before the step/,
  },
  { batchSize: 28, reason: /^step 3: ".*" is not finite any more; the checkpoint before it stays/ },
])("weights that overflow end a run with batches of $batchSize; its last checkpoint stays good", async (item) => {
  const { batchSize, reason } = item;
  const folder = await RunFolder.create(join(root, `overflow-${batchSize}`), config);
  const steps = Math.ceil(28 / batchSize);
  await expect(sit({ folder, batchSize, stopAfter: steps + 1 })).rejects.toMatchObject({ code: "aborted" });
  const good = (await folder.loadLast())!;
  await expect(sit({ from: good, folder, batchSize, learningRate: 1e39 })).rejects.toThrow(reason);
  expect((await folder.loadLast())?.state).toEqual(good.state); // an epoch whose last step it was is judged by now
  await folder.close();
});

test("pictures of classes that the network doesn't have are refused", () => {
  const split = { ...tinySplit(6, 1), labels: Int32Array.of(0, 1, 2, 0, 3, 1) };
  const { recipe } = config;
  expect(
    () => new Batches({ split, size: { width: 8, height: 8 }, classes: 3, batchSize: 2, seed: 1, recipe }),
  ).toThrow("1-4.png: its class number (got 3, wanted 0 to 2)");
});

test("a folder that holds anything is no folder for a new run", async () => {
  const path = join(root, "taken");
  await (await RunFolder.create(path, config)).close();
  await expect(RunFolder.create(path, config)).rejects.toMatchObject({ code: "bad-input" });
  await expect(RunFolder.open(join(root, "nowhere"))).rejects.toMatchObject({ code: "not-found" });
});

test("the learning rate rises over the warm-up and falls to zero along a cosine", () => {
  const schedule = { kind: "cosine", warmupEpochs: 1 } as const;
  const moment = { stepsPerEpoch: 10, epochs: 5, history: [] };
  const at = (step: number) => learningRateAt(schedule, 1, { done: step, ...moment });
  expect([0, 4, 9, 10].map(at)).toEqual([0.1, 0.5, 1, 1]);
  expect(at(30)).toBeCloseTo(0.5, 12);
  expect(at(50)).toBeCloseTo(0, 12);
  expect(learningRateAt(recipes.tutorial.schedule, 0.001, { done: 400, ...moment })).toBe(0.001);
});
