import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toPixels } from "./image.ts";
import { loadModel, type NodeModel } from "./index.ts";
import { colours, coloursModel } from "./testing/models.ts";

let model: NodeModel;
let folder: string;
beforeAll(async () => {
  model = await loadModel(coloursModel(), { providers: ["cpu"] });
  folder = await mkdtemp(join(tmpdir(), "resonnx-classify-"));
});
afterAll(async () => {
  await model.dispose();
  await rm(folder, { recursive: true });
});

/** A 32x16 picture of one colour. */
const plain = (r: number, g: number, b: number, alpha = 1) =>
  sharp({ create: { width: 32, height: 16, channels: 4, background: { r, g, b, alpha } } });

const best = (predictions: { label: string; score: number }[]) => predictions.map(({ label }) => label);

describe("classify", () => {
  test.each(["jpeg", "png", "webp"] as const)("the bytes of a %s", async (format) => {
    const predictions = await model.classify(await plain(204, 51, 102).toFormat(format).toBuffer());
    expect(best(predictions)).toEqual(["red", "blue", "green"]);
    [0.8, 0.4, 0.2].forEach((score, i) => {
      expect(predictions[i]?.score).toBeCloseTo(score, 1);
    });
  });

  test("a path, and topK", async () => {
    const path = join(folder, "green.png");
    await writeFile(path, await plain(0, 255, 0).png().toBuffer());
    expect(await model.classify(path, { topK: 1 })).toEqual([{ label: "green", score: 1 }]);
  });

  test("pixels, with alpha over white", async () => {
    const data = new Uint8Array(8 * 8 * 4).fill(0).map((_, i) => [0, 0, 255, 51][i % 4]!);
    const predictions = await model.classify({ width: 8, height: 8, data });
    expect(best(predictions)[0]).toBe("blue");
    expect(predictions[1]?.score).toBeCloseTo(0.8, 2); // 20% of black on white
  });

  test.each([
    ["gray", (picture: Sharp) => picture.grayscale().png()],
    ["16 bit", (picture: Sharp) => picture.toColourspace("rgb16").png()],
    ["palette", (picture: Sharp) => picture.png({ palette: true })],
    ["CMYK", (picture: Sharp) => picture.removeAlpha().toColourspace("cmyk").jpeg()],
  ])("a %s picture", async (_, convert) => {
    const predictions = await model.classify(await convert(plain(128, 128, 128)).toBuffer());
    for (const { score } of predictions) expect(Math.abs(score - 0.5)).toBeLessThan(0.08); // CMYK has its own gamut
  });

  test("colours in another space become sRGB, as a browser shows them", async () => {
    const wide = await plain(204, 51, 102).withIccProfile("p3").png().toBuffer();
    const { data } = await toPixels(wide);
    [204, 51, 102].forEach((value, c) => {
      expect(Math.abs(data[c]! - value)).toBeLessThanOrEqual(2);
    });
  });

  test("EXIF orientation is applied", async () => {
    const redBlue = sharp(Uint8Array.of(255, 0, 0, 0, 0, 255), { raw: { width: 2, height: 1, channels: 3 } });
    const quarterTurn = await redBlue.withMetadata({ orientation: 6 }).png().toBuffer();
    const { width, height, data } = await toPixels(quarterTurn);
    expect([width, height, ...data]).toEqual([1, 2, 255, 0, 0, 255, 0, 0, 255, 255]);
  });

  test.each([
    ["text", Buffer.from("this is no picture"), /can't be decoded/],
    ["nothing", new Uint8Array(), /can't be decoded/],
    ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'), /a svg file/],
    ["pixels that don't fit", { width: 4, height: 4, data: new Uint8Array(3) }, /3 bytes for 4x4/],
    ["pixels without a size", { width: Number.NaN, height: 4, data: new Uint8Array(0) }, /positive whole sides/],
  ])("refuses %s", async (_, image, message) => {
    await expect(model.classify(image)).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringMatching(message),
    });
  });

  test("refuses a picture that breaks off", async () => {
    const whole = await sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: "red",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    })
      .jpeg()
      .toBuffer();
    await expect(model.classify(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ code: "bad-input" });
  });

  test("refuses a missing file and a wrong topK", async () => {
    await expect(model.classify("no/such.png")).rejects.toMatchObject({ code: "not-found" });
    const picture = await plain(1, 2, 3).png().toBuffer();
    await expect(model.classify(picture, { topK: 0 })).rejects.toMatchObject({ code: "bad-input" });
    await expect(model.classify(picture, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });
});

test("a model without labels numbers them; one without preprocessing says so", async () => {
  const { labels: _, ...unlabelled } = colours;
  const numbered = await loadModel(coloursModel(unlabelled), { providers: ["cpu"] });
  expect(best(await numbered.classify(await plain(0, 0, 255).png().toBuffer()))).toEqual(["2", "0", "1"]);
  await numbered.dispose();
  const bare = await loadModel(coloursModel({}), { providers: ["cpu"] });
  await expect(bare.classify(await plain(0, 0, 255).png().toBuffer())).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("resonnx.preprocessing"),
  });
  await bare.dispose();
});
