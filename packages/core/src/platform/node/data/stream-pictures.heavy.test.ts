import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test, vi } from "vitest";
import { randomFor } from "../../../random/random.ts";
import { testFolder } from "../../../testing/folder.ts";
import { tinyResNet } from "../../../testing/tiny.ts";
import { RUN_FILES } from "../run/run-folder.ts";
import { runTraining } from "../run/run-training.ts";
import { poolOf } from "../workers/shared-pool.ts";
import { openDataset } from "./open-dataset.ts";

/** Too little for even one picture: each is decoded whenever it is read. */
const STREAMED = 1;

/** A picture of random spots as a file of some kind. */
function picture(seed: number, side: number) {
  const random = randomFor(seed, 0, 0);
  const spots = Uint8Array.from({ length: 4 * 4 * 3 }, () => 256 * random());
  return sharp(spots, { raw: { width: 4, height: 4, channels: 3 } }).resize(side, side, { fit: "fill" });
}

/** 3 classes of 16, of many kinds and sizes. */
async function mixedFolder(): Promise<string> {
  const kinds = [
    (seed: number) => picture(seed, 100).jpeg().toBuffer(),
    (seed: number) => picture(seed, 90).webp().toBuffer(),
    (seed: number) => picture(seed, 33).grayscale().png().toBuffer(),
    (seed: number) => picture(seed, 40).ensureAlpha(0.5).png().toBuffer(),
    (seed: number) => picture(seed, 64).toColourspace("cmyk").jpeg().toBuffer(),
    (seed: number) => picture(seed, 50).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  ];
  const files: Record<string, Uint8Array> = { "b/huge.jpg": await picture(99, 3024).jpeg().toBuffer() };
  for (let i = 0; i < 48; i++) {
    const extension = ["jpg", "webp", "png", "png", "jpg", "jpg"][i % 6];
    files[`${"abc"[i % 3]}/${i}.${extension}`] = await kinds[i % 6]!(i);
  }
  return testFolder(files);
}

const quick = {
  data: "mixed",
  model: "tiny",
  build: ({ classes, batchNormMomentum }: { classes: number; batchNormMomentum: number }) =>
    tinyResNet(classes, batchNormMomentum),
  engine: "onnx",
  device: "cpu",
  epochs: 2,
  batchSize: 8,
  size: 8,
} as const;

test("a run ends with the same bits, pictures held or streamed, by 1, 2 or 3 workers, stopped in between or not", async () => {
  const root = await mixedFolder();
  const models: string[] = [];
  const open = (settings: object) => openDataset(root, { width: 8, height: 8, ...settings });
  const weights = (out: string) => readFileSync(join(out, "tfjs/weights.bin")).toString("base64");
  for (const settings of [
    {},
    { memory: STREAMED, workers: 1 },
    { memory: STREAMED, workers: 2 },
    { memory: STREAMED, workers: 3 },
  ]) {
    const out = testFolder();
    await runTraining({ ...quick, out, dataset: await open(settings) });
    models.push(weights(out));
  }
  const out = testFolder();
  const abort = new AbortController();
  const stopped = runTraining({
    ...quick,
    ...{ out, dataset: await open({ memory: STREAMED, workers: 1 }), signal: abort.signal },
    onProgress: (event) => event.is === "step" && event.epoch === 1 && event.step === 2 && abort.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  await runTraining({ ...quick, out, resume: true, dataset: await open({ memory: STREAMED, workers: 3 }) });
  models.push(weights(out));
  expect(models[0]!.length).toBeGreaterThan(1000);
  expect(new Set(models).size).toBe(1);
  const metrics = JSON.parse(readFileSync(join(out, RUN_FILES.metrics), "utf8"));
  expect(metrics.waiting).toBeGreaterThan(0);
  expect(metrics.waiting).toBeLessThan(1);
  await vi.waitFor(() => expect(poolOf(undefined).threads).toBe(0), { timeout: 10_000, interval: 100 });
});
