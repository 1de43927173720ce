import { fileURLToPath } from "node:url";
import { metadataProps } from "@resonnx/base";
import { Builder, encode, Graph } from "@resonnx/onnx";
import { installChromium } from "@resonnx/runtime-web/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { type PreviewServer, preview } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

/** The built site (`dist/site`) in a real Chromium, used as a person would. */
let site: PreviewServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  site = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
  const { executable, env } = await installChromium();
  browser = await chromium.launch({
    executablePath: executable,
    args: ["--no-sandbox", "--headless"], // no GPU: WebGPU finds no adapter and says so
    env: { ...process.env, ...env } as Record<string, string>,
  });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  complaints.length = 0;
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const home = () => site.resolvedUrls?.local[0] ?? site.resolvedUrls?.network[0] ?? "";

/** How much red, green and blue a picture has. */
function coloursModel(): Buffer {
  const graph = new Graph("colours");
  const b = new Builder(graph);
  const image = graph.input("image", { dtype: "float32", shape: ["batch", 4, 4, 3] });
  graph.output("scores", b.mean(image, [1, 2], 0));
  const zeros = [0, 0, 0];
  const ones = [1, 1, 1];
  const preprocessing = {
    width: 4,
    height: 4,
    channelOrder: "rgb",
    scale: 1 / 255,
    mean: zeros,
    std: ones,
    layout: "nhwc",
  } as const;
  return Buffer.from(encode(graph, { metadata: metadataProps({ labels: ["red", "green", "blue"], preprocessing }) }));
}

const model = { name: "colours.onnx", mimeType: "application/octet-stream", buffer: coloursModel() };
/** 4x4 pixels of rgb(204, 51, 102), written by sharp 0.35. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWM4Y5wGRwzEcQBK0hZRRoxn5QAAAABJRU5ErkJggg==";
const picture = { name: "pink.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") };

test("a model file and a picture give labels and scores, and the page says what ran", async () => {
  await page.goto(home());
  await page.getByLabel("Choose an .onnx file").setInputFiles(model);
  await page.getByText("Runs on").waitFor();
  expect(await page.locator("#model-facts").textContent()).toMatch(/Runs onwasmNot webgpu\S+/);
  await page.getByLabel("Choose a picture").setInputFiles(picture);
  await page.locator("#answer ol").waitFor();
  const lines = await page.locator("#answer li").allInnerTexts();
  expect(lines.map((line) => line.replace(/\s+/g, " "))).toEqual(["red 80.0 %", "blue 40.0 %", "green 20.0 %"]);
});

test("files that can't be used are explained, and the next choice works", async () => {
  await page.goto(home());
  await page.getByLabel("Choose an .onnx file").setInputFiles({ ...picture, name: "wrong.onnx" });
  await page.locator("#model-facts .wrong").waitFor();
  expect(await page.locator("#model-facts").textContent()).toMatch(/not an ONNX model.*PNG/);
  await page.locator("#model-file").setInputFiles(model);
  await page.getByText("Runs on").waitFor();
  await page.locator("#picture-file").setInputFiles({ ...picture, buffer: Buffer.from("no picture") });
  await page.locator("#answer .wrong").waitFor();
  await page.locator("#picture-file").setInputFiles(picture);
  await page.locator("#answer ol").waitFor();
});

test("?model= loads a model at once; a missing one is explained", async () => {
  await page.route("**/colours.onnx", (route) => route.fulfill({ body: model.buffer }));
  await page.goto(`${home()}?model=colours.onnx`);
  await page.getByText("Runs on").waitFor();
  await page.route("**/missing.onnx", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${home()}?model=missing.onnx`);
  await page.locator("#model-facts .wrong").waitFor();
  expect(await page.locator("#model-facts").textContent()).toContain("HTTP 404");
});
