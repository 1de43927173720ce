import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Browser, Page } from "playwright-core";
import { installChromium } from "./install.ts";
import { type PageServer, startPageServer } from "./server.ts";

/** WebGPU on SwiftShader, which computes on the CPU: the same answers on every machine. Without the two Vulkan switches there is no adapter. */
const FLAGS = [
  "--no-sandbox", // runs as root in containers; it opens this package's own page only
  "--headless",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
];

/** A running Chromium showing the page of this package. */
export interface OpenPage {
  readonly page: Page;
  readonly server: PageServer;
  readonly version: string;
  close(): Promise<void>;
}

/** Starts Chromium and opens the page. Throws `unavailable` where it can't start. */
export async function openPage(): Promise<OpenPage> {
  const browser = await launch();
  let server: PageServer | undefined;
  const close = async () => {
    await browser.close();
    await server?.close();
  };
  try {
    server = await startPageServer();
    const page = await browser.newPage();
    await page.goto(`${server.origin}/`);
    await page.waitForFunction(() => "resonnx" in globalThis, undefined, { timeout: 30_000 });
    return { page, server, version: browser.version(), close };
  } catch (cause) {
    await close();
    const hint = "build @resonnx/runtime-web (dist/chromium-page)";
    const what = `its page does not load: ${reasonOf(cause)}`;
    throw new ResonnxError("unavailable", { where: "Chromium", what, hint, cause });
  }
}

async function launch(): Promise<Browser> {
  const files = await installChromium();
  try {
    const { chromium } = await import("playwright-core");
    // Ctrl-C is the caller's: playwright's own handlers would end the process before it can clean up.
    const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const env = { ...process.env, ...files.env } as Record<string, string>;
    return await chromium.launch({ executablePath: files.executable, args: FLAGS, env, ...signals });
  } catch (cause) {
    throw new ResonnxError("unavailable", { where: "Chromium", what: `does not start: ${reasonOf(cause)}`, cause });
  }
}
