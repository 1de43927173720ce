import { fileURLToPath } from "node:url";
import { installChromium } from "@resonnx/runtime-web/chromium";
import * as tf from "@tensorflow/tfjs";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifactsOf, type ExportOptions, exportModel } from "./index.ts";
import { chain } from "./testing/tiny.ts";

/** The browser's entry as one script that puts the package's API on `globalThis.exporter`. Reads dist, as pages do. */
async function pageScript(): Promise<string> {
  const built = await build({
    logLevel: "error",
    configFile: false,
    resolve: { conditions: ["browser", "module", "import", "default"] },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL("../dist/index.browser.js", import.meta.url)),
        formats: ["iife"],
        name: "exporter",
      },
    },
  });
  const [first] = [built].flat();
  if (!first || !("output" in first)) throw new Error("vite did not build");
  return first.output[0].code;
}

let browser: Browser;
let page: Page;
beforeAll(async () => {
  const { executable, env } = await installChromium();
  browser = await chromium.launch({
    executablePath: executable,
    args: ["--no-sandbox", "--headless"],
    env: { ...(process.env as Record<string, string>), ...env },
  });
  page = await browser.newPage();
  await page.addScriptTag({ content: await pageScript() });
});
afterAll(() => browser?.close());

const model = () =>
  chain(
    [8, 8, 3],
    tf.layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, name: "conv" }),
    tf.layers.batchNormalization({ name: "bn" }),
    tf.layers.activation({ activation: "relu", name: "act" }),
    tf.layers.flatten({ name: "flat" }),
    tf.layers.dense({ units: 32, activation: "softmax", name: "fc" }),
  );

interface InPage {
  readonly exporter: typeof import("./index.browser.ts");
}

test.each<ExportOptions>([{}, { opset: 21, layout: "nchw" }, { precision: "fp16" }, { precision: "int8" }])(
  "a page writes the same bytes as Node: %o",
  async (options) => {
    const { weightData, ...rest } = await artifactsOf(model());
    const weights = [...new Uint8Array(weightData as ArrayBuffer)];
    const inNode = await exportModel({ ...rest, weightData: Uint8Array.from(weights).buffer }, options);
    const inPage = await page.evaluate(
      async ([rest, weights, options]) => {
        const { exporter } = globalThis as unknown as InPage;
        const artifacts = { ...rest, weightData: Uint8Array.from(weights).buffer };
        const { bytes, report } = await exporter.exportModel(artifacts, options);
        return { bytes: [...bytes], nodes: report.nodes };
      },
      [rest, weights, options] as const,
    );
    expect(inPage.nodes).toBe(inNode.report.nodes);
    expect(Buffer.from(inPage.bytes).equals(inNode.bytes)).toBe(true);
  },
);

test("a refusal is a typed error there too", async () => {
  const { weightData: _left, ...rest } = await artifactsOf(model());
  const error = await page.evaluate(async (rest) => {
    const { exporter } = globalThis as unknown as InPage;
    return exporter.exportModel(rest, { opset: 12 }).then(
      () => null,
      ({ code, message }) => ({ code, message }),
    );
  }, rest);
  expect(error).toMatchObject({ code: "unsupported", message: expect.stringContaining("wanted 13 to 23") });
});
