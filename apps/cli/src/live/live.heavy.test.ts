import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installChromium } from "@resonnx/runtime-web/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pictures, writeFiles } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core");
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
] as const;
const FORMS = SIZES.flatMap((viewport) =>
  (["light", "dark"] as const).map((colorScheme) => ({ viewport, colorScheme })),
);

const folder = testFolder(async (path) => {
  for (const split of ["train", "val", "test"])
    for (const [label, bytes] of Object.entries(pictures))
      for (let i = 0; i < (split === "train" ? 8 : 2); i++)
        await writeFiles(path, { [`data/${split}/${label}/${i}.png`]: bytes });
});
/** So many that a run goes on for seconds after its page was asked for: on a busy machine Chromium takes as long to show it. */
const EPOCHS = "30";
const QUICK = ["--data", "data", "--model", "happyModel", "--size", "16", "--batch-size", "2"];

let browser: Browser;
beforeAll(async () => {
  const { executable, env } = await installChromium();
  const options = { executablePath: executable, args: ["--no-sandbox", "--headless"] };
  browser = await chromium.launch({ ...options, env: { ...process.env, ...env } as Record<string, string> });
});
afterAll(() => browser?.close());

/** What axe-core finds wrong, by its rule (WCAG 2.1 A and AA, contrast among them). */
async function faultsOf(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => Reflect.get(globalThis, "axe").run());
  return violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}

const sidewaysOf = (page: Page): Promise<number> => page.evaluate("document.documentElement.scrollWidth - innerWidth");

/** Starts a training with --live; the page is open while it goes on. */
async function watched(args: readonly string[], signal?: AbortSignal) {
  const page = await browser.newPage({ ...FORMS[0], bypassCSP: true }); // axe-core comes from outside
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  let heard: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    heard = resolve;
  });
  const onErr = (text: string) => text.startsWith("live view: ") && heard(text.slice("live view: ".length));
  const done = resonnx(["train", ...QUICK, "--live", ...args], { folder: folder(), onErr, ...(signal && { signal }) });
  await page.goto(await url);
  return { page, requests, done, url: await url };
}

describe("train --live", () => {
  test("shows the run while it goes on and how it ended; its report can be read on a phone and without eyes", async () => {
    const { page, requests, done, url } = await watched(["--out", "runs/a", "--epochs", EPOCHS]);
    await page.waitForSelector("progress");
    await page.waitForSelector("#curves svg");
    const { code, out, err } = await done;
    expect(code, err).toBe(0);
    expect(out).not.toContain("live view");
    await page.waitForFunction("document.body.innerText.includes('The training has finished.')");
    expect(await page.textContent("#now")).toMatch(
      /\d of 6 test pictures are named right; the report lies in .*runs\/a/,
    );
    expect(await page.locator("#curves tbody tr").count()).toBe(Number(EPOCHS));
    expect(await page.isVisible("#lost")).toBe(false);
    expect(new Set(requests.map((each) => new URL(each).origin))).toEqual(new Set([url]));
    await expect(fetch(url)).rejects.toThrow();
    expect(await faultsOf(page)).toEqual([]);
    await page.close();

    for (const form of FORMS) {
      const report = await browser.newPage(form);
      await report.goto(pathToFileURL(join(folder(), "runs/a/report.html")).href);
      expect(await sidewaysOf(report)).toBeLessThanOrEqual(0);
      expect(await faultsOf(report), form.colorScheme).toEqual([]);
      await report.close();
    }
  });

  test("Ctrl-C: the page says so and goes", async () => {
    const stop = new AbortController();
    const { page, done, url } = await watched(["--out", "runs/b", "--epochs", "500"], stop.signal);
    await page.waitForSelector("progress");
    stop.abort();
    expect((await done).code).toBe(130);
    await page.waitForFunction(
      "document.body.innerText.includes('The training has been stopped. --resume goes on with it.')",
    );
    await expect(fetch(url)).rejects.toThrow();
    await page.close();
  });
});
