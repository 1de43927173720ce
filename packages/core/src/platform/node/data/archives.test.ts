import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Zippable, zipSync } from "fflate";
import sharp from "sharp";
import { create } from "tar";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../../data/dataset.ts";
import { testFolder } from "../../../testing/folder.ts";
import { openDataset } from "./open-dataset.ts";

const testdata = join(import.meta.dirname, "testdata");
const archives = join(testdata, "archives");
const handSigns = join(import.meta.dirname, "../../../../assets/hand-signs");

/** Everything that can be seen of a dataset, but its name. */
async function seen({ name: _, splits, ...rest }: Dataset) {
  const parts = Object.entries(splits).map(async ([split, { names, labels, read }]) => {
    return { split, names, labels: [...labels], pixels: Buffer.from(await read([...names.keys()])).toString("base64") };
  });
  return { ...rest, splits: await Promise.all(parts) };
}

const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

function zipped(root: string, to: string, prefix = ""): string {
  const files: Zippable = {};
  for (const [i, name] of filesOf(root).entries())
    files[prefix + name] = [readFileSync(join(root, name)), { level: i % 2 === 0 ? 0 : 6 }];
  writeFileSync(to, zipSync(files));
  return to;
}

async function tarred(root: string, to: string): Promise<string> {
  await create({ file: to, cwd: root }, readdirSync(root));
  return to;
}

const png = (red: number) =>
  sharp({ create: { width: 4, height: 4, channels: 3, background: { r: red, g: 0, b: 0 } } })
    .png()
    .toBuffer();

/** A few pictures in each of the layouts. */
async function layouts(): Promise<Record<string, Record<string, Uint8Array>>> {
  const [a, b, c, d, e, f] = await Promise.all([1, 2, 3, 4, 5, 6].map(png));
  return {
    "class folders": {
      "cat/1.png": a!,
      "cat/2.png": b!,
      "dog/1.png": c!,
      "dog/2.png": d!,
      "notes.txt": Buffer.from(""),
    },
    "split folders": {
      "train/a/1.png": a!,
      "train/b/1.png": b!,
      "val/a/2.png": c!,
      "test/a/3.png": d!,
      "test/b/3.png": e!,
    },
    "labels in names": { "0_a.png": a!, "0_b.png": b!, "1_a.png": c!, "1_b.png": d! },
    "labels in split folders": {
      "train_x/0_a.png": a!,
      "train_x/1_a.png": b!,
      "test_x/0_b.png": c!,
      "test_x/1_b.png": f!,
    },
    "a split table": {
      "splits.csv": Buffer.from("file,label,split\nx.png,a,train\ny.png,b,test\n"),
      "x.png": a!,
      "y.png": b!,
    },
    "the tutorial's pair": Object.fromEntries(
      readdirSync(join(testdata, "pair")).map((name) => [name, readFileSync(join(testdata, "pair", name))]),
    ),
    npz: { "train.npz": readFileSync(join(testdata, "rgb.npz")) },
  };
}

describe("an archive is the folder that it was made of", () => {
  test("in every layout, with and without a folder around it", async () => {
    for (const [layout, files] of Object.entries(await layouts())) {
      const root = testFolder(files);
      const [out, size] = [testFolder(), { width: 4, height: 4 }];
      const wanted = await seen(await openDataset(root, size));
      expect(await seen(await openDataset(zipped(root, join(out, "d.zip")), size)), layout).toEqual(wanted);
      expect(await seen(await openDataset(zipped(root, join(out, "e.zip"), "all/"), size)), layout).toEqual(wanted);
      expect(await seen(await openDataset(await tarred(root, join(out, "d.tar")), size)), layout).toEqual(wanted);
    }
  });

  test("photographs, held in memory or decoded when read", async () => {
    const photographs = filesOf(handSigns).filter((name, i) => name.endsWith(".jpg") && i % 20 === 0);
    const root = testFolder(Object.fromEntries(photographs.map((name) => [name, readFileSync(join(handSigns, name))])));
    const out = testFolder();
    const wanted = (await openDataset(root)).splits.train;
    const all = [...wanted.names.keys()];
    const pixels = await wanted.read(all);
    for (const file of [zipped(root, join(out, "hands.zip")), await tarred(root, join(out, "hands.tar"))]) {
      for (const memory of [1 << 30, 1 << 18]) {
        const { train } = (await openDataset(file, { memory })).splits;
        expect(train.names).toEqual(wanted.names);
        expect(train.labels).toEqual(wanted.labels);
        expect(Buffer.compare(await train.read(all), pixels)).toBe(0);
      }
    }
  });

  test.each(["zip64.zip", "gnu.tar", "pax.tar"])("%s, as Python writes it", async (name) => {
    const { labels, splits, notes } = await openDataset(join(archives, name), { width: 1, height: 1 });
    const linked = name.endsWith(".tar"); // the third picture is a hard link to the first
    expect(labels).toEqual([expect.stringMatching(/^a-class-whose-name-.{90}$/), "b\u00e9"]);
    const reds = new Map<string, number>();
    for (const { names, read } of Object.values(splits))
      for (const [i, rgb] of (await Promise.all(names.map((_, at) => read([at])))).entries())
        reds.set(names[i]!.replace(/^a-class[^/]*/, "a"), rgb[0]!);
    const third = linked ? [["b\u00e9/3.png", 30] as const] : [];
    expect(reds).toEqual(
      new Map([["a/1.png", 10], ["a/2.png", 20], ["b\u00e9/1.png", 30], ["b\u00e9/2.png", 40], ...third]),
    );
    expect(notes.filter((note) => /corrupt/.test(note))).toEqual([]);
  });
});

describe("refusals", () => {
  const FLAGS = 8;
  const UNPACKED = 24;

  /** A zip of two classes, whose first entry in the directory is changed. */
  async function patched(change: (bytes: Buffer, entry: number) => void, level: 0 | 6 = 6): Promise<string> {
    const file = join(testFolder(), "x.zip");
    const bytes = Buffer.from(
      zipSync({ "a/1.png": await png(1), "a/2.png": await png(2), "b/1.png": await png(3) }, { level }),
    );
    change(bytes, bytes.indexOf(Buffer.from("PK\x01\x02", "latin1")));
    writeFileSync(file, bytes);
    return file;
  }

  /** An archive whose only fault is a name. */
  const named = (name: string) => {
    const file = join(testFolder(), "x.zip");
    writeFileSync(file, zipSync({ [name]: new Uint8Array(9) }));
    return file;
  };

  const cut = async (make: (root: string, to: string) => string | Promise<string>, name: string, bytes: number) => {
    const file = await make(testFolder({ "a/1.png": await png(1), "b/1.png": await png(2) }), join(testFolder(), name));
    truncateSync(file, bytes);
    return file;
  };

  test.each<[string, () => string | Promise<string>, string, RegExp]>([
    [
      "an encrypted entry",
      () => patched((b, at) => b.writeUInt16LE(1, at + FLAGS)),
      "unsupported",
      /a\/1.png: is encrypted/,
    ],
    [
      "another method",
      () => patched((b, at) => b.writeUInt16LE(12, at + 10)),
      "unsupported",
      /another method \(got 12/,
    ],
    [
      "a bomb's claim",
      () => patched((b, at) => b.writeUInt32LE(4e9, at + UNPACKED)),
      "bad-input",
      /sizes that can't be/,
    ],
    [
      "an entry beyond the end",
      () => patched((b, at) => b.writeUInt32LE(1e9, at + 42)),
      "bad-input",
      /sizes that can't be/,
    ],
    ["a name that leads out", () => named("../a/1.png"), "bad-input", /invalid relative path: \.\.\/a\/1.png/],
    ["an absolute name", () => named("/etc/passwd"), "bad-input", /absolute path/],
    ["a cut zip", () => cut(zipped, "x.zip", 150), "bad-input", /the zip archive is cut short or damaged/],
    ["an empty zip", () => cut(zipped, "x.zip", 0), "bad-input", /the zip archive is cut short or damaged/],
    [
      "a tar cut in a picture",
      () => cut(tarred, "x.tar", 600),
      "bad-input",
      /cut short or damaged: "a\/"|goes beyond|ends at/,
    ],
    ["a tar cut in a header", () => cut(tarred, "x.tar", 700), "bad-input", /the tar archive is cut short or damaged/],
    [
      "a text named .tar",
      () => join(testFolder({ "x.tar": "x".repeat(2000) }), "x.tar"),
      "bad-input",
      /no header at byte 0/,
    ],
    [
      "a compressed tar",
      () => join(testFolder({ "x.tar.gz": "x" }), "x.tar.gz"),
      "unsupported",
      /make it a plain .tar/,
    ],
    [
      "an empty tar",
      () => join(testFolder({ "x.tar": new Uint8Array(10240) }), "x.tar"),
      "bad-input",
      /no header at byte 0/,
    ],
  ])("%s", async (_, make, code, message) => {
    const error = await openDataset(await make()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ResonnxError", code, message: expect.stringMatching(message) });
  });

  test("a tar's names that lead out", async () => {
    const root = testFolder({ "in/x.txt": "", "a/1.png": await png(1) });
    const file = join(testFolder(), "x.tar");
    await create({ file, cwd: join(root, "in"), preservePaths: true }, ["../a/1.png"]);
    await expect(openDataset(file)).rejects.toMatchObject({ code: "bad-input", message: /leads out of the archive/ });
  });

  test("an entry whose bytes have changed is a corrupt picture", async () => {
    const spoil = (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    const { notes } = await openDataset(await patched(spoil, 0));
    expect(notes.join()).toMatch(/1 of 3 pictures are corrupt and left out: a\/1.png \(.*checksum differs/);
  });

  test.each([
    ["more than it says", (b: Buffer, at: number) => b.writeUInt32LE(40, at + UNPACKED)],
    ["less than it says", (b: Buffer, at: number) => b.writeUInt32LE(4000, at + UNPACKED)],
  ])("an entry that unpacks to %s is a corrupt picture", async (_, change) => {
    const { notes } = await openDataset(await patched(change));
    expect(notes.join()).toMatch(/1 of 3 pictures are corrupt and left out: a\/1.png \(/);
  });

  test("an archive that goes away while it is read", async () => {
    const root = testFolder({ "a/1.png": await png(1), "b/1.png": await png(2), "b/2.png": await png(3) });
    const file = zipped(root, join(testFolder(), "x.zip"));
    const { splits } = await openDataset(file, { memory: 1 });
    rmSync(file);
    await expect(splits.train.read([0, 1])).rejects.toMatchObject({ code: expect.stringMatching(/failed|bad-input/) });
  });
});
