import { describe, expect, test } from "vitest";
import { MIRRORED, moved, sheared, turned, zoomed } from "./affine.ts";
import { Canvas } from "./canvas.ts";
import { saturated, scaled } from "./colour.ts";
import { render } from "./render.ts";

/** A gray picture from its rows. */
const gray = (rows: readonly (readonly number[])[]) =>
  Uint8Array.from(rows.flat().flatMap((value) => [value, value, value]));

/** The rows of the red channel after a change, in levels of 255. */
function shown(rows: readonly (readonly number[])[], change: (canvas: Canvas) => void): number[][] {
  const [height, width] = [rows.length, rows[0]!.length];
  const canvas = new Canvas(gray(rows), width, height);
  change(canvas);
  const out = render(canvas, new Float32Array(width * height * 3));
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
const asRows = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

describe("render", () => {
  test("no change gives pixel / 255, each channel its own", () => {
    const rgb = Uint8Array.of(0, 51, 255, 102, 204, 153);
    const out = render(new Canvas(rgb, 2, 1), new Float32Array(6));
    [0, 0.2, 1, 0.4, 0.8, 0.6].forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 6);
    });
  });

  test.each<[string, (canvas: Canvas) => void, number[][]]>([
    [
      "the window moves one pixel right, the edge repeats",
      (canvas) => canvas.warp(moved(1, 0)),
      square.map(([, b, c, d]) => [b!, c!, d!, d!]),
    ],
    ["and two up", (canvas) => canvas.warp(moved(0, -2)), [square[0]!, square[0]!, square[0]!, square[1]!]],
    [
      "half a pixel is the mean of neighbours",
      (canvas) => canvas.warp(moved(0.5, 0)),
      square.map(([a]) => [a! + 5, a! + 15, a! + 25, a! + 30]),
    ],
    [
      "90 degrees counterclockwise",
      (canvas) => canvas.warp(turned(90)),
      [0, 1, 2, 3].map((i) => square.map((row) => row[3 - i]!)),
    ],
    ["180 degrees", (canvas) => canvas.warp(turned(180)), square.toReversed().map((row) => row.toReversed())],
    ["mirrored", (canvas) => canvas.warp(MIRRORED), square.map((row) => row.toReversed())],
    [
      "moved right, then mirrored",
      (canvas) => {
        canvas.warp(moved(1, 0));
        canvas.warp(MIRRORED);
      },
      square.map(([, b, c, d]) => [d!, d!, c!, b!]),
    ],
    [
      "moved before it was mirrored",
      (canvas) => {
        canvas.warp(MIRRORED);
        canvas.warpFirst(moved(1, 0));
      },
      square.map(([, b, c, d]) => [d!, d!, c!, b!]),
    ],
    [
      "rows slid apart by 45 degrees", // row y shows what lies y - 1.5 pixels further right
      (canvas) => canvas.warp(sheared(1, 0)),
      [
        [10, 10, 15, 25],
        [50, 55, 65, 75],
        [95, 105, 115, 120],
        [145, 155, 160, 160],
      ],
    ],
    // Twice as large about the middle: positions 0.75, 1.25, 1.75, 2.25 of a ramp.
    [
      "twice as large",
      (canvas) => canvas.warp(zoomed(2)),
      [0.75, 1.25, 1.75, 2.25].map((y) => [0.75, 1.25, 1.75, 2.25].map((x) => 10 + 10 * x + 40 * y)),
    ],
    [
      "darker, never below 0",
      (canvas) => canvas.light(scaled(1.2, -0.2)),
      square.map((row) => row.map((v) => Math.max(0, v * 1.2 - 51))),
    ],
    [
      "lighter, never above 1",
      (canvas) => canvas.light(scaled(2, 0.1)),
      square.map((row) => row.map((v) => Math.min(255, v * 2 + 25.5))),
    ],
    ["gray has no saturation to lose", (canvas) => canvas.light(saturated(0)), square],
    [
      "a box by the centres of its pixels",
      (canvas) => canvas.boxes.push({ left: -2, top: 1.4, right: 1.6, bottom: 3.4 }),
      [square[0]!, [127.5, 127.5, ...square[1]!.slice(2)], [127.5, 127.5, ...square[2]!.slice(2)], square[3]!],
    ],
  ])("%s", (_, change, wanted) => {
    for (const [y, row] of shown(square, change).entries()) {
      for (const [x, value] of row.entries()) expect(value, `row ${y}, column ${x}`).toBeCloseTo(wanted[y]![x]!, 2);
    }
  });

  test("a picture that isn't square turns without shear", () => {
    const wide = [
      [0, 0, 0, 0, 0],
      [0, 0, 200, 0, 0],
      [0, 0, 100, 0, 0],
    ];
    const upright = shown(wide, (canvas) => canvas.warp(turned(90)));
    expect(upright[1]).toEqual([0, 0, 200, 100, 100]); // the middle column, its last value repeated
  });

  // scipy 1.17 `map_coordinates(order=1, mode="nearest")` at the positions of the composed matrices.
  const levels = Array.from({ length: 35 }, (_, i) => (i * 37) % 251);

  test("turned, zoomed, moved and lit at once is what scipy gives", () => {
    const wanted = [
      0.09943, 0.24709, 0.39475, 0.54241, 0.69606, 0.84992, 0.93216, 0.08382, 0.23769, 0.39155, 0.54542, 0.69928,
      0.85315, 0.96409, 0.08705, 0.24091, 0.39478, 0.54864, 0.70251, 0.85637, 0.99602, 0.09027, 0.24414, 0.398, 0.55187,
      0.70573, 0.85903, 0.78963, 0.0935, 0.24736, 0.40123, 0.55509, 0.70896, 0.86282, 0.19306,
    ];
    const out = shown(asRows(levels, 7), (canvas) => {
      canvas.warp(turned(11));
      canvas.warp(zoomed(1.09));
      canvas.warpFirst(moved(0.055 * 7, -0.041 * 5));
      canvas.light(scaled(1.13));
      canvas.light(scaled(1, -0.07));
    });
    out.flat().forEach((value, i) => {
      expect(value / 255, `pixel ${i}`).toBeCloseTo(wanted[i]!, 4);
    });
  });

  test("turned, zoomed, sheared along both axes and moved is what scipy gives", () => {
    const wanted = [
      51.43, 80.97, 110.52, 140.06, 171.05, 202.67, 227.59, 48.0, 79.47, 111.09, 142.71, 174.33, 205.95, 234.31, 51.14,
      82.76, 114.38, 146.0, 177.62, 209.24, 240.86, 54.43, 86.05, 117.67, 149.29, 180.91, 212.53, 194.77, 57.71, 89.33,
      120.95, 152.57, 184.19, 213.5, 43.65,
    ];
    const slope = (degrees: number) => Math.tan((degrees * Math.PI) / 180);
    const out = shown(asRows(levels, 7), (canvas) => {
      canvas.warp(turned(25));
      canvas.warp(zoomed(1.2));
      canvas.warp(sheared(slope(18), slope(-7)));
      canvas.warpFirst(moved(0.6, -0.4));
    });
    out.flat().forEach((value, i) => {
      expect(value, `pixel ${i}`).toBeCloseTo(wanted[i]!, 1);
    });
  });

  // Python's colorsys: rgb_to_hsv, the hue moved, hsv_to_rgb.
  test.each([
    [[200, 40, 90], 0.1, [200, 86, 40]],
    [[200, 40, 90], -0.25, [70, 40, 200]],
    [[10, 250, 120], 0.5, [250, 10, 140]],
    [[30, 60, 220], 1 / 3, [220, 30, 60]],
    [[80, 80, 80], 0.3, [80, 80, 80]],
  ])("the hue of %j turned by %d is %j", (rgb, turns, wanted) => {
    const canvas = new Canvas(Uint8Array.from(rgb), 1, 1);
    canvas.hue = turns;
    render(canvas, new Float32Array(3)).forEach((value, c) => {
      expect(value * 255).toBeCloseTo(wanted[c]!, 3);
    });
  });
});
