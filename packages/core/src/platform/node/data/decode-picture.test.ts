import sharp, { type Color } from "sharp";
import { describe, expect, test } from "vitest";
import { rgbOf } from "../../../data/rgb.ts";
import { decodePicture } from "./decode-picture.ts";

/** Red on the left, blue on the right, 16 x 8. */
const halves = () =>
  sharp({ create: { width: 16, height: 8, channels: 3, background: "#f00" } }).composite([
    { input: { create: { width: 8, height: 8, channels: 3, background: "#00f" } }, left: 8, top: 0 },
  ]);

const plain = (background: Color, channels: 3 | 4 = 3) =>
  sharp({ create: { width: 4, height: 4, channels, background } });

/** The colour at a place, by thirds of the range, so that JPEG's rounding doesn't count. */
async function colourAt(bytes: Buffer, x: number, y: number) {
  const { width, data } = await decodePicture(bytes);
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)].map((value) => Math.round(value / 85) * 85);
}

/** Noise, so that the file is as large as its size says. */
const noise = (channels: 1 | 2 | 3 | 4, side: number) =>
  sharp(
    Uint8Array.from({ length: side * side * channels }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255),
    { raw: { width: side, height: side, channels } },
  );

describe("decodePicture", () => {
  test.each([
    ["gray", (side: number) => noise(1, side).toColourspace("b-w").jpeg()],
    ["gray of 16 bits", (side: number) => noise(1, side).toColourspace("grey16").png()],
    ["gray with alpha", (side: number) => noise(2, side).png()],
    ["RGB", (side: number) => noise(3, side).jpeg()],
    ["RGB with a palette", (side: number) => noise(3, side).png({ palette: true })],
    ["RGB with alpha", (side: number) => noise(4, side).webp({ lossless: true })],
    ["CMYK", (side: number) => noise(3, side).toColourspace("cmyk").jpeg()],
  ])("%s, small or large, is what sharp makes RGBA of", async (_, make) => {
    for (const side of [9, 300]) {
      const bytes = await make(side).toBuffer();
      const { data } = await decodePicture(bytes);
      const wanted = await sharp(bytes).toColourspace("srgb").ensureAlpha().raw({ depth: "uchar" }).toBuffer();
      expect(Buffer.compare(Buffer.from(data), wanted)).toBe(0);
    }
  });

  test("turns a picture as its EXIF says", async () => {
    const turned = await halves()
      .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { width, height } = await decodePicture(turned); // 6: the camera was turned, show it a quarter clockwise
    expect([width, height]).toEqual([8, 16]);
    expect(await colourAt(turned, 4, 2)).toEqual([255, 0, 0, 255]);
    expect(await colourAt(turned, 4, 13)).toEqual([0, 0, 255, 255]);
  });

  test.each<[string, () => Promise<Buffer>, number[]]>([
    ["gray JPEG", () => plain("#555").toColourspace("b-w").jpeg().toBuffer(), [85, 85, 85, 255]],
    ["CMYK JPEG", () => plain("#f00").toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer(), [255, 0, 0, 255]],
    ["16-bit PNG", () => plain("#5500ff").toColourspace("rgb16").png().toBuffer(), [85, 0, 255, 255]],
    ["PNG with a palette", () => plain("#0f0").png({ palette: true }).toBuffer(), [0, 255, 0, 255]],
    [
      "gray PNG with alpha",
      () =>
        plain({ r: 0, g: 0, b: 0, alpha: 1 / 3 }, 4)
          .toColourspace("b-w")
          .png()
          .toBuffer(),
      [0, 0, 0, 85],
    ],
    ["WebP", () => plain("#00f").webp({ lossless: true }).toBuffer(), [0, 0, 255, 255]],
  ])("%s", async (_, make, wanted) => expect(await colourAt(await make(), 1, 1)).toEqual(wanted));

  test("alpha lies on white once it is RGB", async () => {
    const glass = await decodePicture(await plain({ r: 255, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer());
    expect([...rgbOf(glass, 1, 1)]).toEqual([255, 255, 255]);
  });

  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ["text", () => Buffer.from("hello")],
    ["nothing", () => Buffer.alloc(0)],
    ["half a PNG", async () => (await halves().png().toBuffer()).subarray(0, 60)],
    ["a JPEG without its end", async () => (await halves().resize(64).jpeg().toBuffer()).subarray(0, -40)],
  ])("refuses %s", async (_, make) => {
    await expect(Promise.resolve(make()).then(decodePicture)).rejects.toThrow();
  });
});
