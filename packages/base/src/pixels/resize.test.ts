import { describe, expect, test } from "vitest";
import { ResonnxError } from "../errors/error.ts";
import type { Pixels } from "./pixels.ts";
import { resize } from "./resize.ts";

/** A picture from a formula for each channel value. */
function picture(width: number, height: number, value: (x: number, y: number, c: number) => number): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 4);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % 4);
  }
  return { width, height, data };
}

const wavy = (x: number, y: number, c: number) => (x * x * 7 + y * 13 * (c + 1) + x * y * 5 + c * 29) % 256;
const opaque = (x: number, y: number, c: number) => (c === 3 ? 255 : wavy(x, y, c));
const rgb = ({ data }: Pixels) => [...data].filter((_, i) => i % 4 !== 3);

/** Pillow 13.0.0, `Image.fromarray(a).resize((W, H), Image.BILINEAR)` of the same formula. */
const pillow: readonly { from: [number, number]; to: [number, number]; rgb: number[] }[] = [
  {
    from: [7, 5],
    to: [3, 2],
    rgb: [26, 68, 110, 97, 133, 150, 160, 146, 127, 61, 129, 179, 143, 130, 121, 134, 137, 121],
  },
  {
    from: [16, 12],
    to: [5, 3],
    rgb: [
      60, 106, 138, 140, 140, 132, 140, 134, 129, 139, 112, 129, 125, 120, 122, 116, 147, 130, 133, 133, 123, 138, 139,
      114, 134, 120, 108, 138, 125, 123, 133, 115, 143, 117, 141, 135, 115, 126, 118, 135, 135, 114, 149, 129, 139,
    ],
  },
  {
    from: [5, 4],
    to: [9, 7],
    rgb: [
      0, 29, 58, 2, 31, 60, 6, 35, 64, 16, 45, 74, 28, 57, 86, 47, 76, 105, 68, 97, 126, 96, 125, 154, 112, 141, 170, 5,
      38, 72, 7, 41, 75, 12, 46, 80, 24, 57, 91, 36, 70, 104, 56, 90, 124, 78, 112, 146, 107, 141, 174, 124, 157, 191,
    ], // the first two rows
  },
];

/** Pillow 13.0.0, the formula with all four channels as an RGBA picture of 8x6, resized to 3x2. */
const pillowRgba = [
  38, 84, 130, 145, 107, 124, 136, 123, 124, 115, 122, 119, 86, 140, 138, 109, 165, 96, 116, 140, 150, 129, 112, 134,
];

function expectWithin(got: readonly number[], wanted: readonly number[], levels: number) {
  wanted.forEach((value, i) => {
    expect(Math.abs(got[i]! - value), `value ${i}: ${got[i]} for ${value}`).toBeLessThanOrEqual(levels);
  });
}

describe("resize", () => {
  test.each(pillow)("$from to $to is Pillow's, to a level of rounding", ({ from, to, rgb: wanted }) => {
    expectWithin(rgb(resize(picture(...from, opaque), ...to)), wanted, 1);
  });

  test("weighs colours by alpha, as Pillow does", () => {
    expectWithin([...resize(picture(8, 6, wavy), 3, 2).data], pillowRgba, 2);
  });

  test("a transparent pixel's colour doesn't bleed", () => {
    const { data } = resize({ width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 0, 0, 0, 200, 255) }, 1, 1);
    expect([...data]).toEqual([0, 0, 200, 128]);
  });

  test.each([
    [3, 3],
    [64, 64],
    [1, 1],
    [17, 2],
  ])("a constant picture stays constant at %dx%d", (width, height) => {
    const { data } = resize(
      picture(10, 7, (_, __, c) => [10, 99, 200, 255][c]!),
      width,
      height,
    );
    for (let i = 0; i < data.length; i += 4) expect([...data.subarray(i, i + 4)]).toEqual([10, 99, 200, 255]);
  });

  test("a linear ramp stays linear away from the edges", () => {
    const ramp = picture(64, 1, (x, _, c) => (c === 3 ? 255 : 4 * x));
    const { data } = resize(ramp, 16, 1); // position i covers 4i..4i+3, whose mean is 4i + 1.5
    for (let i = 1; i < 15; i++) expect(Math.abs(data[i * 4]! - 4 * (4 * i + 1.5))).toBeLessThanOrEqual(0.5);
  });

  test("shrinking counts every pixel: fine stripes become gray", () => {
    const stripes = picture(64, 64, (x, _, c) => (c === 3 || x % 2 ? 255 : 0));
    const { data } = resize(stripes, 8, 8);
    for (let i = 0; i < data.length; i += 4) expect(Math.abs(data[i]! - 127.5)).toBeLessThan(6); // a point sampler gives 0 or 255
  });

  test("the right size is returned as it is", () => {
    const pixels = picture(4, 3, wavy);
    expect(resize(pixels, 4, 3)).toBe(pixels);
  });

  test.each([
    ["data too short", { width: 2, height: 2, data: new Uint8Array(15) }, 1, 1],
    ["no width", { width: 0, height: 2, data: new Uint8Array(0) }, 1, 1],
    ["a fraction wanted", { width: 1, height: 1, data: new Uint8Array(4) }, 1.5, 1],
    ["nothing wanted", { width: 1, height: 1, data: new Uint8Array(4) }, 0, 1],
    ["NaN wanted", { width: 1, height: 1, data: new Uint8Array(4) }, Number.NaN, 1],
  ])("refuses %s", (_, pixels, width, height) => {
    expect(() => resize(pixels, width, height)).toThrow(ResonnxError);
  });
});
