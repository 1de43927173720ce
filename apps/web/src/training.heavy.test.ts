import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chooseEngine, fineTune, happyModel, openDataset } from "@resonnx/core";
import { artifactsOf, exportModel } from "@resonnx/export";
import { checkModel } from "@resonnx/onnx";
import { installChromium } from "@resonnx/runtime-web/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileTiny } from "./testing/tiny-compile.ts";
import { type TinyRun, trainTiny } from "./testing/tiny-training.ts";
import { type TuningCase, tuneTiny } from "./testing/tiny-tuning.ts";
import type {} from "./testing/training-page/main.ts";

/** Training in a page that Vite has bundled, against the same call in Node. */
let reference: TinyRun;
let folder: string;
let site: PreviewServer;
let browser: Browser;
let page: Page;

const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
/** WebGPU on SwiftShader, as in runtime-web. */
const flags = [
  "--no-sandbox",
  "--headless",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
];

beforeAll(async () => {
  reference = await trainTiny(await chooseEngine({ engine: "onnx", device: "cpu" }));
  folder = await mkdtemp(join(tmpdir(), "resonnx-training-page-"));
  const root = fileURLToPath(new URL("testing/training-page", import.meta.url));
  const configFile = false;
  await build({
    root,
    configFile,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, target: "es2022", minify: false },
    worker: { format: "es" },
  });
  const server = { port: 0, host: "127.0.0.1", headers: isolated };
  site = await preview({ root, configFile, logLevel: "error", build: { outDir: folder }, preview: server });
  const { executable, env } = await installChromium();
  browser = await chromium.launch({
    executablePath: executable,
    args: flags,
    env: { ...process.env, ...env } as Record<string, string>,
  });
  page = await browser.newPage();
  await page.goto(site.resolvedUrls?.local[0] ?? site.resolvedUrls?.network[0] ?? "");
  await page.waitForFunction(() => "trainOn" in globalThis);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

function expectReference(run: TinyRun, within: number): void {
  expect(run.losses).toHaveLength(reference.losses.length);
  for (const [k, loss] of reference.losses.entries())
    expect(Math.abs(run.losses[k]! - loss) / loss, `step ${k}`).toBeLessThan(within);
  // Looser: a bias before a normalization has rounding for a gradient, which Adam scales up, and moving means lag behind it.
  for (const [i, p] of reference.predictions.entries())
    expect(Math.abs(run.predictions[i]! - p), `probability ${i}`).toBeLessThan(1e-2);
}

test.each([
  { device: "cpu", within: 1e-4 },
  { device: "webgpu", within: 1e-3 },
] as const)("12 steps in Chromium on $device give the losses of Node's CPU", async ({ device, within }) => {
  const run = await page.evaluate((on) => trainOn(on), device);
  expect(run.device).toBe(device);
  expectReference(run, within);
});

test.each(["cpu", "webgpu"] as const)(
  "a model compiled in a page on %s steps and evaluates as in Node",
  async (device) => {
    const [here, there] = [await compileTiny("cpu"), await page.evaluate((on) => compileOn(on), device)];
    for (const [i, loss] of here.entries()) expect(there[i]).toBeCloseTo(loss, 3);
    expect(here[0]).toBeCloseTo(here[1]!, 5);
    expect(here[2]).toBeLessThan(here[1]!);
  },
);

test("12 steps in Node on WebGPU give the losses of Node's CPU", async () => {
  const { vulkanFolder, swiftshaderManifest } = await installChromium();
  // Both are read when a process starts.
  const software = { LD_LIBRARY_PATH: vulkanFolder, VK_DRIVER_FILES: swiftshaderManifest };
  const child = fork(fileURLToPath(new URL("../dist/testing/train-child.js", import.meta.url)), {
    env: { ...process.env, ...software },
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const [run] = (await Promise.race([once(child, "message"), ended])) as [TinyRun];
  expect(run).toMatchObject({ device: "webgpu" });
  expectReference(run, 1e-3);
  expect(await ended).toEqual([0, null]);
});

/** The tutorial's HappyModel as `.onnx`, and a few of the hand-sign photographs. */
async function handSignTuning(): Promise<TuningCase> {
  const { bytes } = await exportModel(await artifactsOf(happyModel({ seed: 1 })));
  const { labels: classes, splits } = await openDataset("hand-signs", { width: 64, height: 64 });
  const { train } = splits;
  const indices = Array.from({ length: 12 }, (_, i) => Math.floor((i * train.names.length) / 12));
  return {
    file: [...bytes],
    pictures: [...(await train.read(indices))],
    labels: indices.map((index) => train.labels[index]!),
    classes,
  };
}

test("a page tunes an .onnx file on photographs as Node does: the loss falls, the file is whole", async () => {
  const tuning = await handSignTuning();
  const here = await tuneTiny(await chooseEngine({ engine: "onnx", device: "cpu" }), tuning);
  const there = await page.evaluate((given) => tuneOn("cpu", given), tuning);
  expect(there.device).toBe("cpu");
  for (const { losses } of [here, there]) expect(losses.at(-1)! / losses[0]!).toBeLessThan(0.8);
  for (const [k, loss] of here.losses.entries())
    expect(Math.abs(there.losses[k]! - loss) / loss, `step ${k}`).toBeLessThan(1e-3);

  const file = Uint8Array.from(there.file);
  expect(checkModel(file).opset).toBe(17);
  const engine = await chooseEngine({ engine: "onnx", device: "cpu" });
  const session = await engine.open({ model: fineTune(file), optimizer: "sgd", batchSize: tuning.labels.length });
  const pictures = Float32Array.from(tuning.pictures, (value) => value / 255);
  const predictions = await session.predict(pictures, tuning.labels.length);
  await session.dispose();
  for (const [i, p] of there.predictions.entries()) expect(Math.abs(predictions[i]! - p)).toBeLessThan(1e-4);
});

test("unasked, a page on a software GPU trains on the CPU; what pages don't have is refused", async () => {
  expect(await page.evaluate(() => trainOn("auto"))).toMatchObject({ device: "cpu" });
  await expect(page.evaluate(() => trainOn("cuda"))).rejects.toThrow(/cuda.*webgpu or cpu/s);
});
