import { type Pixels, toTensor } from "@resonnx/base";
import { expect, test } from "vitest";
import { randomFor } from "../random/random.ts";
import { rgbOf } from "./rgb.ts";

const preprocessing = { channelOrder: "rgb", scale: 1, mean: [0, 0, 0], std: [1, 1, 1], layout: "nhwc" } as const;

test.each([
  [7, 5, true],
  [7, 5, false],
  [24, 31, false],
])("a picture of %d x %d (opaque: %s) is what the runtimes make of it before scaling", (width, height, opaque) => {
  const random = randomFor(1, width, height);
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    opaque && i % 4 === 3 ? 255 : 256 * random(),
  );
  const pixels: Pixels = { width, height, data };
  for (const size of [
    { width, height },
    { width: 6, height: 9 },
  ])
    expect([...rgbOf(pixels, size.width, size.height)]).toEqual([...toTensor(pixels, { ...preprocessing, ...size })]);
});
