// Pictures of a report in a real browser: `node tools/screenshots.mjs report.html FOLDER [all]`, after a build.
// The README's four, light and dark, on a desktop and on a phone; `all` makes whole pages. Says what overflows.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { installChromium } from "../../runtime-web/dist/chromium/install.js";

const { chromium } = createRequire(new URL("../../../apps/cli/package.json", import.meta.url))("playwright-core");

const [, , report, folder, which] = process.argv;
if (!report || !folder) throw new Error("usage: node tools/screenshots.mjs report.html FOLDER [all]");

const desktop = { name: "desktop", width: 1280, height: 1500 };
const phone = { name: "phone", width: 390, height: 1500 };
const fullPage = which === "all";
const shots = [desktop, phone].flatMap((size) => ["light", "dark"].map((scheme) => ({ ...size, scheme })));

const files = await installChromium();
const browser = await chromium.launch({
  executablePath: files.executable,
  args: ["--no-sandbox", "--headless", "--disable-dev-shm-usage", "--disable-gpu"],
  env: { ...process.env, ...files.env },
});
for (const { name, width, height, scheme } of shots) {
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height } });
  await page.goto(/^http/.test(report) ? report : pathToFileURL(resolve(report)).href);
  const png = await page.screenshot({ fullPage });
  const file = join(folder, `report-${name}-${scheme}.webp`);
  await sharp(png).webp({ quality: 80 }).toFile(file);
  console.log(file, await page.evaluate(() => `${document.documentElement.scrollWidth} of ${innerWidth} pixels wide`));
  await page.close();
}
await browser.close();
