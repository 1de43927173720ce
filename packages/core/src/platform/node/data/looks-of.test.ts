import sharp from "sharp";
import { expect, test } from "vitest";
import { dataReport } from "../../../data-report/data-report.ts";
import { nearNotes } from "../../../data-report/leaks.ts";
import { testFolder } from "../../../testing/folder.ts";
import { looksOf } from "./looks-of.ts";
import { openDataset } from "./open-dataset.ts";
import { surveyData } from "./survey-data.ts";

/** A picture with enough in it to be told from others. */
const drawn = (hue: number) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="hsl(${hue},60%,70%)"/><circle cx="${20 + (hue % 58)}" cy="${16 + (hue % 34)}" r="19" fill="hsl(${hue},60%,25%)"/><rect x="${hue % 74}" y="9" width="11" height="72" fill="black"/></svg>`,
    ),
  ).flatten();

test("a dataset knows its look-alikes when they are asked for, those that an inspection finds", async () => {
  const one = await drawn(45).png().toBuffer();
  const root = testFolder({
    "train/a/45.png": one,
    "train/a/90.png": await drawn(90).png().toBuffer(),
    "train/b/135.png": await drawn(135).png().toBuffer(),
    "test/a/same.png": one,
    "test/b/like.jpg": await drawn(135).resize(80).linear(1.04, 2).jpeg({ quality: 70 }).toBuffer(),
    "test/b/broken.jpg": "no picture",
  });
  const dataset = await openDataset(root, { lookAlikes: true });
  const sets = dataset.alike!.map(({ identical, pictures }) => [identical, ...pictures.map(({ name }) => name)]);
  expect(sets.toSorted()).toEqual([
    [false, "test/b/like.jpg", "train/b/135.png"],
    [true, "test/a/same.png", "train/a/45.png"],
  ]);
  expect(dataset.alike).toEqual(dataReport(await surveyData(root)).alike);
  expect(nearNotes(dataset)).toEqual([
    "1 of 2 test pictures look like a train or val picture without being byte-identical to one.",
  ]);
  expect(await openDataset(root)).not.toHaveProperty("alike");
  const streamed = await openDataset(root, { lookAlikes: true, memory: 1000 });
  expect(streamed).not.toHaveProperty("alike");
  expect(streamed.notes.join()).toMatch(/weren't searched for corrupt, repeated and similar ones/);
});

test("so does one of arrays", async () => {
  const path = new URL("testdata/rgb.npz", import.meta.url).pathname;
  const { alike } = await openDataset(path, { lookAlikes: true });
  expect(alike).toEqual(dataReport(await surveyData(path)).alike);
});

test("more than 100,000 pictures aren't searched, which is said", () => {
  expect(looksOf(true, 100_000)).toEqual({ looks: true, notes: [] });
  expect(looksOf(false, 100_001)).toEqual({ looks: false, notes: [] });
  const { looks, notes } = looksOf(true, 100_001);
  expect(looks).toBe(false);
  expect(notes).toEqual([expect.stringMatching(/^100001 pictures are more than are searched .*, 100000: .*inspect/)]);
});
