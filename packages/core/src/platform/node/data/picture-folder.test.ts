import { rmSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Color } from "sharp";
import { expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { imageFolder } from "./image-folder.ts";

const png = (background: Color) =>
  sharp({ create: { width: 2, height: 2, channels: 3, background } })
    .png()
    .toBuffer();

test("pictures beyond the memory are decoded when they are read, all but a few", async () => {
  const root = testFolder({ "test/a/1.png": await png("#010203"), "test/b/2.png": await png("#040506") });
  const { splits, notes } = await imageFolder(root, { width: 2, height: 2, memory: 23 }); // an eighth holds none
  expect(notes.at(-1)).toMatch(/^2 pictures are more than are kept in memory/);
  expect([...(await splits.test.read([0, 1]))]).toEqual(
    [...Array(4).fill([1, 2, 3]), ...Array(4).fill([4, 5, 6])].flat(),
  );
  rmSync(join(root, "test"), { recursive: true });
  await expect(splits.test.read([1])).rejects.toMatchObject({
    code: "failed",
    message: expect.stringContaining("2.png"),
  });
});

test("for a corrupt picture stands the next one of its class and split, whatever was read before", async () => {
  const files = Object.fromEntries(
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => [
        `train/${i < 10 ? "a" : "b"}/${10 + i}.png`,
        [3, 4].includes(i) ? "no picture" : await png({ r: i, g: 0, b: 0 }),
      ]),
    ),
  );
  const root = testFolder({ ...files, "test/a/1.png": await png("#ff0000"), "test/b/1.png": await png("#ff0000") });
  const open = () => imageFolder(root, { width: 1, height: 1, memory: 16 });
  const reds = (rgb: Uint8Array) => [...rgb].filter((_, at) => at % 3 === 0);
  const forwards = await open();
  const all = [...Array(20).keys()];
  const wanted = all.map((i) => (i === 3 || i === 4 ? 5 : i));
  expect(reds(await forwards.splits.train.read(all))).toEqual(wanted);
  expect(reds(await forwards.splits.train.read(all))).toEqual(wanted);
  expect(forwards.notes.at(-1)).toMatch(
    /^2 of 22 pictures turned out to be corrupt so far; .*: train\/a\/13.png \(.+\), train\/a\/14.png \(.+\)\.$/,
  );
  const backwards = await open();
  expect(reds(await backwards.splits.train.read(all.toReversed()))).toEqual(wanted.toReversed());
});

test("too many corrupt pictures end it, also when they are found late", async () => {
  const files = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`train/a/${i}.png`, "no picture"]));
  const root = testFolder({ ...files, "train/b/1.png": await png("red"), "test/a/1.png": await png("red") });
  const { splits } = await imageFolder(root, { memory: 1 });
  await expect(splits.train.read([0, 10])).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(/too many corrupt pictures \(got \d+ of 12, first train\/a\/0.png/),
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

test("groups told by the files' names stay whole when splits are made", async () => {
  const files = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => [`${i % 3 ? "a" : "b"}/s${i % 8}_${i}.png`, await png("red")] as const),
  );
  const root = testFolder(Object.fromEntries(files));
  const { splits, notes } = await imageFolder(root, { width: 1, height: 1, group: "^(s\\d)_" });
  const signers = Object.values(splits).map(({ names }) => new Set(names.map((name) => name.slice(2, 4))));
  expect(signers.map(({ size }) => size)).toEqual([6, 1, 1]);
  expect(new Set(signers.flatMap((own) => [...own])).size).toBe(8);
  expect(notes[0]).toMatch(/one was made of whole groups \(8 in all\)/);
  await expect(imageFolder(root, { group: "s" })).rejects.toThrow(/--group: no parentheses/);
});
