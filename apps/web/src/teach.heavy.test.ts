import { readFile } from "node:fs/promises";
import { readMetadata } from "@resonnx/base";
import { expect, test } from "vitest";
import { bmp } from "./testing/bmp.ts";
import { siteOfThisFile } from "./testing/site.ts";

const site = siteOfThisFile();

const file = (name: string, colour: readonly [number, number, number]) => ({
  name: `${name}.bmp`,
  mimeType: "image/bmp",
  buffer: bmp(32, colour),
});
const reds = [200, 160, 240, 180].map((red, i) => file(`red ${i}`, [red, 10 * i, 20]));
const blues = [200, 160, 240, 180].map((blue, i) => file(`blue ${i}`, [20, 10 * i, blue]));

async function giveClasses(): Promise<void> {
  const { page, address } = site;
  await page.goto(`${address}teach.html`);
  for (const [i, [label, files]] of (
    [
      ["red", reds],
      ["blue", blues],
    ] as const
  ).entries()) {
    await page.getByLabel("Name of the class").nth(i).fill(label);
    await page
      .getByLabel("Pictures of the class")
      .nth(i)
      .setInputFiles([...files]);
  }
}

test("a page learns two classes, gives the model away and classifies with it", async () => {
  const { page } = site;
  await giveClasses();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Done in").waitFor({ timeout: 120_000 });
  expect(await page.locator("#lesson-facts p").textContent()).toMatch(
    /^Done in \d+ s on cpu \(.*\): too few pictures to judge it\. 0\.\d MB\.$/,
  );
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("Download taught.onnx").click()]);
  const { labels, preprocessing } = readMetadata(await readFile(await download.path()));
  expect(labels).toEqual(["red", "blue"]);
  expect(preprocessing).toMatchObject({ width: 64, height: 64 });
  for (const [name, colour] of [
    ["red", [220, 15, 15]],
    ["blue", [15, 15, 220]],
  ] as const) {
    await page.locator("#picture-file").setInputFiles(file("new", colour));
    await page.locator("#answer li").first().getByText(name, { exact: true }).waitFor();
  }
});

test("says what is missing, which file is no picture, and stops when told", async () => {
  const { page } = site;
  await giveClasses();
  const facts = page.locator("#lesson-facts");
  const train = page.getByRole("button", { name: "Train", exact: true });
  await page.getByRole("button", { name: "Add a class" }).click();
  expect(await facts.textContent()).toBe("“class 3” has 0 of at least 3 pictures.");
  expect(await train.isDisabled()).toBe(true);
  const broken = { name: "text.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
  await page.getByLabel("Pictures of the class").nth(2).setInputFiles([broken, broken, broken]);
  await train.click();
  await facts.getByText("class 3 1: no picture").waitFor();
  await page.getByRole("button", { name: "Remove" }).nth(2).click();
  await train.click();
  await facts.getByText("Loss").waitFor({ timeout: 120_000 });
  await page.getByRole("button", { name: "Stop" }).click();
  await facts.getByText("Stopped.").waitFor({ timeout: 60_000 });
});

test("a newer picture's answer isn't replaced by an older one's; another lesson frees the file of the last", async () => {
  const { page } = site;
  await page.addInitScript(() => {
    const revoke = URL.revokeObjectURL.bind(URL);
    const revoked: string[] = [];
    URL.revokeObjectURL = (url) => {
      revoked.push(url);
      revoke(url);
    };
    Object.assign(globalThis, { revoked });
  });
  await giveClasses();
  const train = page.getByRole("button", { name: "Train", exact: true });
  await train.click();
  await page.getByText("Done in").waitFor({ timeout: 120_000 });
  const large = { name: "large.bmp", mimeType: "image/bmp", buffer: bmp(3000, [220, 15, 15]) }; // takes longer to decode
  await page.locator("#picture-file").setInputFiles(large);
  await page.locator("#picture-file").setInputFiles(file("small", [15, 15, 220]));
  await page.locator("#answer li").first().getByText("blue", { exact: true }).waitFor();
  await page.waitForTimeout(2000); // in which the large one is decoded as well
  expect(await page.locator("#answer li").first().textContent()).toContain("blue");
  const link = await page.getByText("Download taught.onnx").getAttribute("href");
  await train.click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator("#lesson-facts").getByText("Stopped.").waitFor({ timeout: 60_000 });
  expect(await page.evaluate(() => (globalThis as unknown as { revoked: string[] }).revoked)).toContain(link);
});

test("a worker that breaks ends the lesson with an error", async () => {
  const { page } = site;
  await page.route("**/worker-*.js", async (route) => {
    const response = await route.fetch();
    const ours = (await response.text()).includes("no model has been loaded"); // not core's, which trains
    await route.fulfill(ours ? { response, body: "throw new Error('out of order')" } : { response });
  });
  await giveClasses();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.locator("#lesson-facts").getByText("out of order").waitFor({ timeout: 60_000 });
});
