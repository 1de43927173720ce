import { fileURLToPath } from "node:url";
import { installChromium } from "@resonnx/runtime-web/chromium";
import { chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";

/** The built site (`dist/site`) in a real Chromium, a new page for each test. Errors in its console fail the test. */
export interface Site {
  readonly page: Page;
  /** Ends in `/`. */
  readonly address: string;
}

/** Starts and ends everything with the tests of the file that calls it. */
export function siteOfThisFile(): Site {
  let close: () => Promise<void>;
  let open: () => Promise<Page>;
  let page: Page;
  let address: string;
  const complaints: string[] = [];
  beforeAll(async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const served = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
    const { executable, env } = await installChromium();
    const browser = await chromium.launch({
      executablePath: executable,
      args: ["--no-sandbox", "--headless"], // no GPU: WebGPU finds no adapter and says so
      env: { ...process.env, ...env } as Record<string, string>,
    });
    address = served.resolvedUrls?.local[0] ?? served.resolvedUrls?.network[0] ?? "";
    open = () => browser.newPage();
    close = async () => {
      await browser.close();
      await served.close();
    };
  });
  afterAll(() => close());
  beforeEach(async () => {
    page = await open();
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
  return {
    get page() {
      return page;
    },
    get address() {
      return address;
    },
  };
}
