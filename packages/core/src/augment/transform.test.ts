import { describe, expect, test } from "vitest";
import type { Augmentation } from "./recipe.ts";
import { transform } from "./transform.ts";

const still: Augmentation = { angle: 0, zoom: 1, shiftX: 0, shiftY: 0, gain: 1, offset: 0, flip: false };

/** A gray picture from its rows. */
const gray = (rows: readonly (readonly number[])[]) =>
  Uint8Array.from(rows.flat().flatMap((value) => [value, value, value]));

/** The rows of the red channel, in levels of 255. */
function shown(rows: readonly (readonly number[])[], change: Partial<Augmentation>): number[][] {
  const [height, width] = [rows.length, rows[0]!.length];
  const out = transform(gray(rows), width, height, { ...still, ...change });
  return rows.map((_, y) =>
    Array.from({ length: width }, (_, x) => Math.round(out[(y * width + x) * 3]! * 255e3) / 1e3),
  );
}

const square = [
  [10, 20, 30, 40],
  [50, 60, 70, 80],
  [90, 100, 110, 120],
  [130, 140, 150, 160],
];

describe("transform", () => {
  test("no change gives pixel / 255, each channel its own", () => {
    const rgb = Uint8Array.of(0, 51, 255, 102, 204, 153);
    expect([...transform(rgb, 2, 1, still)]).toEqual([...Float32Array.of(0, 0.2, 1, 0.4, 0.8, 0.6)]);
  });

  test.each<[string, Partial<Augmentation>, number[][]]>([
    [
      "the window moves one pixel right, the edge repeats",
      { shiftX: 1 / 4 },
      square.map(([, b, c, d]) => [b!, c!, d!, d!]),
    ],
    ["and two up", { shiftY: -2 / 4 }, [square[0]!, square[0]!, square[0]!, square[1]!]],
    [
      "half a pixel is the mean of neighbours",
      { shiftX: 1 / 8 },
      square.map(([a]) => [a! + 5, a! + 15, a! + 25, a! + 30]),
    ],
    ["90 degrees counterclockwise", { angle: 90 }, [0, 1, 2, 3].map((i) => square.map((row) => row[3 - i]!))],
    ["180 degrees", { angle: 180 }, square.toReversed().map((row) => row.toReversed())],
    ["mirrored", { flip: true }, square.map((row) => row.toReversed())],
    // Twice as large about the middle: positions 0.75, 1.25, 1.75, 2.25 of a ramp.
    [
      "twice as large",
      { zoom: 2 },
      [0.75, 1.25, 1.75, 2.25].map((y) => [0.75, 1.25, 1.75, 2.25].map((x) => 10 + 10 * x + 40 * y)),
    ],
    ["gain and offset", { gain: 1.2, offset: -0.2 }, square.map((row) => row.map((v) => Math.max(0, v * 1.2 - 51)))],
    ["never above 1", { gain: 2, offset: 0.1 }, square.map((row) => row.map((v) => Math.min(255, v * 2 + 25.5)))],
  ])("%s", (_, change, wanted) => {
    for (const [y, row] of shown(square, change).entries()) {
      for (const [x, value] of row.entries()) expect(value, `row ${y}, column ${x}`).toBeCloseTo(wanted[y]![x]!, 2);
    }
  });

  test("turning back undoes a turn of a smooth picture, away from the edges", () => {
    const size = 33;
    const smooth = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => 3 * x + 2 * y));
    const there = shown(smooth, { angle: 12 });
    const back = shown(there, { angle: -12 });
    for (const [y, x] of [
      [16, 16],
      [12, 20],
      [20, 11],
    ] as const) {
      expect(Math.abs(back[y]![x]! - smooth[y]![x]!)).toBeLessThan(1); // a level is lost to u8 between
    }
  });

  test("a picture that isn't square turns without shear", () => {
    const wide = [
      [0, 0, 0, 0, 0],
      [0, 0, 200, 0, 0],
      [0, 0, 100, 0, 0],
    ];
    expect(shown(wide, { angle: 90 })[1]).toEqual([0, 0, 200, 100, 100]); // the middle column, its last value repeated
  });

  test("everything at once is what scipy gives", () => {
    // scipy 1.17 `map_coordinates(order=1, mode="nearest")` at the positions of torch's affine_grid, rounded to 5 places.
    const wanted = [
      0.09943, 0.24709, 0.39475, 0.54241, 0.69606, 0.84992, 0.93216, 0.08382, 0.23769, 0.39155, 0.54542, 0.69928,
      0.85315, 0.96409, 0.08705, 0.24091, 0.39478, 0.54864, 0.70251, 0.85637, 0.99602, 0.09027, 0.24414, 0.398, 0.55187,
      0.70573, 0.85903, 0.78963, 0.0935, 0.24736, 0.40123, 0.55509, 0.70896, 0.86282, 0.19306,
    ];
    const levels = Array.from({ length: 35 }, (_, i) => (i * 37) % 251);
    const change = { angle: 11, zoom: 1.09, shiftX: 0.055, shiftY: -0.041, gain: 1.13, offset: -0.07, flip: false };
    const out = transform(gray([levels]), 7, 5, change);
    wanted.forEach((value, i) => {
      expect(out[i * 3]!, `pixel ${i}`).toBeCloseTo(value, 4);
    });
  });
});
