import { rmSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Color } from "sharp";
import { expect, test } from "vitest";
import { testFolder } from "../../testing/folder.ts";
import { imageFolder } from "./image-folder.ts";
import { openPictureFolder } from "./picture-folder.ts";

const png = (background: Color) =>
  sharp({ create: { width: 2, height: 2, channels: 3, background } })
    .png()
    .toBuffer();

test("pictures beyond the memory limit are decoded when they are read", async () => {
  const root = testFolder({ "test/a/1.png": await png("#010203"), "test/b/2.png": await png("#040506") });
  const settings = { width: 1, height: 1, signal: undefined, onProgress: () => {}, memory: 3 };
  const { splits } = await openPictureFolder(root, settings);
  expect([...(await splits.test.read([0, 1]))]).toEqual([1, 2, 3, 4, 5, 6]);
  rmSync(join(root, "test"), { recursive: true });
  expect([...(await splits.test.read([0]))]).toEqual([1, 2, 3]);
  await expect(splits.test.read([1])).rejects.toMatchObject({
    code: "failed",
    message: expect.stringContaining("2.png"),
  });
});

test("imageFolder opens a folder of pictures by its layout, 64 x 64 unless asked", async () => {
  const root = testFolder({ "a_1.png": await png("red"), "b_1.png": await png("blue"), "b_2.png": await png("lime") });
  const { labels, width, height, splits } = await imageFolder(root);
  expect([labels, width, height]).toEqual([["a", "b"], 64, 64]);
  expect(splits.test.names).toHaveLength(1);
});

test("imageFolder refuses what isn't a folder of pictures", async () => {
  await expect(imageFolder("/no/such/folder")).rejects.toMatchObject({ code: "not-found" });
  await expect(imageFolder(join(testFolder({ "a.h5": "x" }), "a.h5"))).rejects.toMatchObject({ code: "bad-input" });
});
