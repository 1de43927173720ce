import { existsSync } from "node:fs";
import sharp from "sharp";
import { expect, test } from "vitest";
import { dataReport } from "../../../data-report/data-report.ts";
import { testFolder } from "../../../testing/folder.ts";
import { surveyData } from "./survey-data.ts";

/** A picture with enough in it to be told from others, 3 : 2. */
const drawn = (hue: number, width = 48) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32" width="${width}" height="${(width * 2) / 3}"><rect width="48" height="32" fill="hsl(${hue},60%,70%)"/><circle cx="${10 + (hue % 29)}" cy="${8 + (hue % 17)}" r="9" fill="hsl(${hue},60%,25%)"/><rect x="${hue % 37}" y="3" width="5" height="24" fill="black"/></svg>`,
    ),
  );

test("every picture is described, whatever its format and colours; corrupt ones are named", async () => {
  const exif = { IFD0: { Orientation: "6" } };
  const root = testFolder({
    "a/rgb.png": await drawn(10).flatten({ background: "white" }).png().toBuffer(),
    "a/alpha.webp": await drawn(80)
      .composite([{ input: await clear(), left: 0, top: 0, blend: "dest-in" }])
      .webp()
      .toBuffer(),
    "a/cmyk.jpg": await drawn(150).flatten().toColourspace("cmyk").jpeg().toBuffer(),
    "b/gray.jpg": await drawn(220).flatten().grayscale().toColourspace("b-w").jpeg().toBuffer(),
    "b/turned.jpg": await drawn(290).flatten().withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    "b/broken.jpg": "no picture",
  });
  const survey = await surveyData(root);
  const facts = Object.fromEntries(
    survey.pictures.map(({ name, width, height, mode, format }) => [name, [width, height, mode, format]]),
  );
  expect(facts).toEqual({
    "a/rgb.png": [48, 32, "RGB", "png"],
    "a/alpha.webp": [48, 32, "RGB with alpha", "webp"],
    "a/cmyk.jpg": [48, 32, "CMYK", "jpeg"],
    "b/gray.jpg": [48, 32, "gray", "jpeg"],
    "b/turned.jpg": [32, 48, "RGB", "jpeg"],
  });
  expect(survey.corrupt).toEqual([{ name: "b/broken.jpg", reason: expect.stringMatching(/unsupported/) }]);
  const { width, height } = await sharp(dataOf(await survey.thumbnail("b/turned.jpg"))).metadata();
  expect([width, height]).toEqual([64, 96]);
});

/** Half of it transparent. */
const clear = () =>
  sharp({ create: { width: 48, height: 32, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } })
    .png()
    .toBuffer();
const dataOf = (url: string) => Buffer.from(url.slice(url.indexOf(",") + 1), "base64");

test("a copy that was shrunk, compressed and lightened is near, other pictures aren't", async () => {
  const hues = Array.from({ length: 24 }, (_, i) => i * 15);
  const files = await Promise.all(
    hues.map(async (hue) => [`train/${hue % 2}/${hue}.png`, await drawn(hue, 180).flatten().png().toBuffer()] as const),
  );
  const copy = await drawn(45, 180).flatten().resize(90, 60).linear(1.04, 2).jpeg({ quality: 60 }).toBuffer();
  const root = testFolder({ ...Object.fromEntries(files), "test/1/copy.jpg": copy });
  const { alike, leaks } = dataReport(await surveyData(root));
  const sets = alike.map(({ pictures }) => pictures.map(({ name }) => name));
  expect(sets).toEqual([["test/1/copy.jpg", "train/1/45.png"]]);
  expect(leaks).toEqual([{ split: "test", identical: 0, near: 1 }]);
});

const SIGNS = new URL("../../../../../../../shared/data/signs_64", import.meta.url).pathname;
test.skipIf(!existsSync(SIGNS))(
  "SIGNS: 12 test pictures are in train or val to the byte (needs ../shared/data)",
  async () => {
    const { leaks, count, corrupt, conflicts } = dataReport(await surveyData(SIGNS));
    expect({ count, corrupt, conflicts }).toEqual({ count: 1200, corrupt: [], conflicts: [] });
    expect(leaks.find(({ split }) => split === "test")).toMatchObject({ identical: 12 });
  },
);
