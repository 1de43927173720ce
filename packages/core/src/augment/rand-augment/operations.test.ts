import { describe, expect, test } from "vitest";
import { Canvas } from "../canvas.ts";
import { autoContrast } from "./auto-contrast.ts";
import { equalize } from "./equalize.ts";
import { type OperationName, operations } from "./operations.ts";
import { posterize } from "./posterize.ts";
import { sharpen } from "./sharpen.ts";
import { solarize } from "./solarize.ts";

// The expected numbers are Pillow 13.0's: ImageOps and ImageEnhance on these pictures.
const [width, height] = [6, 5];
const picture = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
  const i = Math.floor(at / 3);
  return [(i * 53 + 17) % 256, ((i * 91 + 40) % 200) + 20, (i * 37 + 5) % 180][at % 3]!;
});
/** The first pixel of the second row and the four that follow. */
const part = (rgb: Uint8Array) => [...rgb.subarray(18, 33)];

describe("operations on levels are Pillow's", () => {
  test.each<[string, Uint8Array, number[]]>([
    ["autoContrast", autoContrast(picture), [81, 252, 61, 136, 101, 116, 190, 227, 170, 245, 76, 225, 36, 202, 14]],
    ["posterize", posterize(picture, 3), [64, 192, 32, 128, 96, 64, 160, 160, 96, 224, 64, 128, 32, 160, 0]],
    ["solarize", solarize(picture, 120), [79, 49, 47, 123, 97, 84, 70, 67, 134, 17, 79, 97, 35, 85, 15]],
    [
      "sharpness 1.9",
      sharpen(picture, width, height, 1.9),
      [79, 206, 47, 132, 83, 84, 203, 243, 133, 255, 65, 195, 0, 211, 0],
    ],
    [
      "sharpness 0.3",
      sharpen(picture, width, height, 0.3),
      [79, 206, 47, 132, 107, 84, 171, 144, 111, 196, 89, 128, 76, 137, 44],
    ],
  ])("%s", (_, changed, wanted) => expect(part(changed)).toEqual(wanted));

  test("equalize", () => {
    const size = 24;
    const large = Uint8Array.from({ length: size * size * 3 }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % size, Math.floor(at / 3 / size)];
      return [((x * y) % 120) + 30, (x * 7 + y * 3) % 200, (x + y) * 2][at % 3]!;
    });
    const even = equalize(large);
    const pixels = [0, 1, 25, 100, 301, 450, 575].map((i) => [...even.subarray(3 * i, 3 * i + 3)]);
    const wanted = [
      [0, 0, 0],
      [0, 7, 1],
      [30, 10, 2],
      [72, 39, 18],
      [127, 179, 162],
      [231, 255, 255],
      [162, 29, 255],
    ];
    expect(pixels).toEqual(wanted);
    expect([0, 1, 2].map((c) => even.reduce((sum, value, i) => sum + (i % 3 === c ? value : 0), 0))).toEqual([
      80251, 81536, 79803,
    ]);
  });

  test("pictures of one level stay as they are", () => {
    const plain = new Uint8Array(30).fill(77);
    expect(autoContrast(plain)).toEqual(plain);
    expect(equalize(plain)).toEqual(plain);
  });
});

test.each<[OperationName, 1 | -1, number[]]>([
  ["color", 1, [59, 221, 19, 139, 94, 78, 186, 190, 105, 255, 63, 163, 14, 185, 0]],
  ["color", -1, [98, 190, 74, 124, 99, 89, 183, 185, 136, 210, 94, 152, 55, 154, 41]],
  ["contrast", 1, [69, 231, 29, 137, 92, 76, 204, 208, 123, 255, 69, 170, 13, 185, 0]],
  ["contrast", -1, [88, 180, 64, 126, 101, 91, 165, 167, 118, 204, 88, 145, 56, 154, 41]],
  ["brightness", 1, [100, 255, 59, 167, 123, 106, 234, 238, 153, 255, 100, 200, 44, 215, 19]],
  ["brightness", -1, [57, 150, 34, 96, 70, 61, 135, 137, 88, 173, 57, 115, 25, 124, 10]],
])("%s at 30 %% of the most, %i, is Pillow's within a level, which it cuts off", (name, sign, wanted) => {
  const canvas = new Canvas(picture, width, height);
  operations[name](canvas, 0.3, sign); // a factor of 1.27 or 0.73
  canvas.redraw((rgb) => rgb);
  part(canvas.rgb).forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `value ${i}: ${value}`).toBeLessThanOrEqual(1);
  });
});

test("colours changed before an operation on levels are in what it sees", () => {
  const canvas = new Canvas(Uint8Array.of(100, 120, 140), 1, 1);
  operations.brightness(canvas, 0.5, -1);
  operations.solarize(canvas, 0.8, 1); // from 51 on
  expect([...canvas.rgb]).toEqual([200, 189, 178]); // 55, 66, 77 inverted
});
