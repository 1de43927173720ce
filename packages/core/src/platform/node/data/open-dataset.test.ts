import { cpSync, existsSync, truncateSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Color } from "sharp";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../../testing/folder.ts";
import { openDataset } from "./open-dataset.ts";

const testdata = join(import.meta.dirname, "testdata");
const shared = join(import.meta.dirname, "../../../../../../../shared/data");

/** A PNG of one colour. */
const png = (colour: Color) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: colour } })
    .png()
    .toBuffer();

/** A folder a class, `count` different gray pictures in each. */
async function classFiles(count: number) {
  const files: Record<string, Buffer> = {};
  for (const [k, label] of ["bird", "cat"].entries()) {
    for (let i = 0; i < count; i++) {
      const gray = 2 * i + 100 * k;
      files[`${label}/${i}.png`] = await png({ r: gray, g: gray, b: gray });
    }
  }
  return files;
}

describe("a folder of pictures", () => {
  test("becomes three splits of the wanted size", async () => {
    const root = testFolder({ ...(await classFiles(20)), "notes.txt": "hello", ".hidden/a.jpg": "no picture" });
    const dataset = await openDataset(root, { width: 4, height: 5 });
    expect(dataset.labels).toEqual(["bird", "cat"]);
    const { train, val, test } = dataset.splits;
    expect([train.names.length, val?.names.length, test.names.length]).toEqual([30, 4, 6]);
    const batch = await test.read([0, 5]);
    expect(batch).toHaveLength(2 * 4 * 5 * 3);
    for (const [slot, index] of [0, 5].entries()) {
      const gray = 2 * Number(/\d+/.exec(test.names[index]!)![0]) + 100 * test.labels[index]!;
      expect(new Set(batch.subarray(slot * 60, slot * 60 + 60))).toEqual(new Set([gray]));
    }
    expect(dataset.notes).toHaveLength(1);
  });

  test("names a corrupt picture and goes on", async () => {
    const files = await classFiles(10);
    const whole = await sharp(files["cat/9.png"]).resize(64).jpeg().toBuffer();
    const root = testFolder({
      ...files,
      "cat/cut.jpg": whole.subarray(0, whole.length - 60),
      "bird/text.jpg": "not a picture",
    });
    const { splits, notes } = await openDataset(root);
    expect([...splits.train.names, ...splits.val!.names, ...splits.test.names]).toHaveLength(20);
    expect(notes[1]).toMatch(
      /^2 of 22 pictures are corrupt and left out: bird\/text.jpg \([^\n]+\), cat\/cut.jpg \([^\n]+\)\.$/,
    );
  });

  test("counts byte-identical pictures across splits", async () => {
    const [black, white] = [await png("black"), await png("white")];
    const root = testFolder({
      "train/a/1.png": black,
      "train/b/2.png": white,
      "test/a/3.png": black,
      "test/b/4.png": await png("red"),
    });
    const dataset = await openDataset(root);
    expect(dataset.duplicates).toEqual(["test/a/3.png"]);
    expect(dataset.notes).toEqual(["1 of 2 test pictures are byte-identical to a train or val picture."]);
    expect(dataset.splits.val).toBeUndefined();
  });

  test("reports progress and stops at an abort", async () => {
    const root = testFolder(await classFiles(5));
    const seen: string[] = [];
    await openDataset(root, { onProgress: (done, total) => seen.push(`${done}/${total}`) });
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => `${i + 1}/10`));
    await expect(openDataset(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });

  test("a train folder without a class says so", async () => {
    const root = testFolder({
      "train/a/1.png": await png("black"),
      "test/a/2.png": await png("white"),
      "test/b/3.png": await png("red"),
    });
    expect((await openDataset(root)).notes).toEqual(['No training picture shows "b".']);
  });
});

describe("files of arrays", () => {
  /** pixel = picture * 50 + y * 20 + x * 5 + channel (mod 256), 2 rows of 3, written by h5py 3.16 and numpy 2.4. */
  const picture = (i: number) =>
    Array.from(
      { length: 18 },
      (_, at) => (i * 50 + Math.floor(at / 9) * 20 + (Math.floor(at / 3) % 3) * 5 + (at % 3)) % 256,
    );

  test("the tutorial's pair of .h5 files", async () => {
    const { labels, splits, notes } = await openDataset(join(testdata, "pair"), { width: 3, height: 2 });
    expect(labels).toEqual(["non-cat", "cat"]);
    expect([...splits.train.labels]).toEqual([0, 1, 0, 1, 0]);
    expect([...splits.test.labels]).toEqual([1, 0]);
    expect([...(await splits.train.read([4]))]).toEqual(picture(4));
    expect([...(await splits.test.read([0, 1]))]).toEqual([...picture(5), ...picture(6)]);
    expect(splits.val).toBeUndefined();
    expect(notes).toEqual([]);
  });

  test("one .h5 file of a pair", async () => {
    const { splits, notes } = await openDataset(join(testdata, "pair", "test_cats.h5"), { width: 6, height: 4 });
    expect(splits.train.names).toEqual([]);
    expect(await splits.test.read([1])).toHaveLength(4 * 6 * 3);
    expect(notes).toEqual(["There are no training pictures: this data can only be evaluated on."]);
  });

  test(".npz, stored, with a list of classes", async () => {
    const { labels, splits } = await openDataset(join(testdata, "rgb.npz"), { width: 3, height: 2 });
    expect(labels).toEqual(["a", "b\u00e9"]);
    expect([...splits.test.labels]).toEqual([1, 0]);
    expect([...(await splits.test.read([0, 1]))]).toEqual([...picture(5), ...picture(6)]);
  });

  test(".npz, deflated, gray, classes by number", async () => {
    const { labels, splits } = await openDataset(join(testdata, "gray.npz"), { width: 3, height: 2 });
    expect(labels).toEqual(["0", "1"]);
    expect([...splits.train.labels]).toEqual([0, 1, 0, 1, 0]);
    const gray = picture(2).filter((_, at) => at % 3 === 0);
    expect([...(await splits.train.read([2]))]).toEqual(gray.flatMap((value) => [value, value, value]));
  });
});

describe("refusals", () => {
  const cut = (name: string, bytes: number) => () => {
    const root = testFolder();
    cpSync(join(testdata, name), join(root, "cut.") + name.split(".").at(-1), { recursive: true });
    const file = join(root, `cut.${name.split(".").at(-1)}`);
    truncateSync(file, bytes);
    return file;
  };

  test.each<[string, () => string | Promise<string>, string, RegExp]>([
    ["a missing folder", () => "/no/such/folder", "not-found", /no such file or folder .*hand-signs/],
    ["a text file", () => join(testFolder({ "a.txt": "x" }), "a.txt"), "bad-input", /not a data set/],
    ["an empty folder", () => testFolder(), "bad-input", /no pictures/],
    [
      "one class",
      async () => testFolder({ "cat/1.png": await png("red") }),
      "bad-input",
      /at least two classes \(got only "cat"/,
    ],
    ["a text named .jpg in one class", () => testFolder({ "a/x.jpg": "text" }), "bad-input", /at least two classes/],
    [
      "a text named .jpg alone",
      () => testFolder({ "x.jpg": "text" }),
      "bad-input",
      /pictures without classes \(got x.jpg/,
    ],
    [
      "texts named .jpg",
      () => testFolder({ "0_a.jpg": "text", "1_b.jpg": "text" }),
      "bad-input",
      /too many corrupt pictures \(got 2 of 2, first 0_a.jpg/,
    ],
    ["a cut .h5", cut("pair/test_cats.h5", 2000), "bad-input", /HDF5 file is cut short.*copy or download it again/],
    ["an empty .h5", cut("pair/test_cats.h5", 0), "bad-input", /not an HDF5 file/],
    ["a cut .npz", cut("rgb.npz", 500), "bad-input", /the zip archive is cut short or damaged/],
    [
      "a text named .npz",
      () => join(testFolder({ "a.npz": "x" }), "a.npz"),
      "bad-input",
      /the zip archive is cut short or damaged/,
    ],
  ])("%s", async (_, make, code, message) => {
    const path = await make();
    const error = await openDataset(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ResonnxError", code, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("\n");
  });

  test.each([0, -1, 1.5, Number.NaN, 5000])("a side of %d", async (width) => {
    await expect(openDataset("hand-signs", { width })).rejects.toThrow(/^width: not a picture's size/);
  });
});

describe("SIGNS", () => {
  test.skipIf(!existsSync(shared))("has the tutorial's pictures, 12 of them twice (needs ../shared/data)", async () => {
    const { labels, splits, duplicates } = await openDataset(join(shared, "signs_64"));
    expect(labels).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect([splits.train, splits.val!, splits.test].map(({ names }) => names.length)).toEqual([864, 216, 120]);
    expect(duplicates).toHaveLength(12);
  });

  test.skipIf(!existsSync(shared))("its .h5 holds its test pictures (needs ../shared/data)", async () => {
    const file = (await openDataset(join(shared, "h5/test_signs.h5"))).splits.test;
    const folder = (await openDataset(join(shared, "signs_64/test_signs"))).splits;
    expect(file.names).toHaveLength(120);
    const all = Array.from({ length: 120 }, (_, i) => i);
    const pictures = await file.read(all);
    // JPEG moved the folder's pixels a little: the nearest picture of the file has the same label.
    const wanted = await folder.test.read([0, 1, 2]);
    for (const slot of [0, 1, 2]) {
      const distance = (i: number) => {
        let sum = 0;
        for (let at = 0; at < 12288; at++) sum += Math.abs(pictures[i * 12288 + at]! - wanted[slot * 12288 + at]!);
        return sum / 12288;
      };
      const nearest = all.reduce((best, i) => (distance(i) < distance(best) ? i : best));
      expect(distance(nearest)).toBeLessThan(4);
      expect(file.labels[nearest]).toBe(folder.test.labels[slot]);
    }
  });
});
