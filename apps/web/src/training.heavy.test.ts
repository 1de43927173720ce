import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chooseEngine } from "@resonnx/core";
import { installChromium } from "@resonnx/runtime-web/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TinyRun, trainTiny } from "./testing/tiny-training.ts";
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
  for (const [i, p] of reference.predictions.entries())
    expect(Math.abs(run.predictions[i]! - p), `probability ${i}`).toBeLessThan(within);
}

test.each([
  { device: "cpu", within: 1e-4 },
  { device: "webgpu", within: 1e-3 },
] as const)("12 steps in Chromium on $device give the losses of Node's CPU", async ({ device, within }) => {
  const run = await page.evaluate((on) => trainOn(on), device);
  expect(run.device).toBe(device);
  expectReference(run, within);
});

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

test("unasked, a page on a software GPU trains on the CPU; what pages don't have is refused", async () => {
  expect(await page.evaluate(() => trainOn("auto"))).toMatchObject({ device: "cpu" });
  await expect(page.evaluate(() => trainOn("cuda"))).rejects.toThrow(/cuda.*webgpu or cpu/s);
});
