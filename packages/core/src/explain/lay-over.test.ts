import { expect, test } from "vitest";
import { layOver } from "./lay-over.ts";

test("grey where the map is 0, then red, then yellow, ever lighter on a grey picture", () => {
  const grey = new Uint8Array(4 * 3).fill(80);
  const out = layOver(grey, Float32Array.of(0, 0.5, 0.75, 1));
  const pixel = (i: number) => [...out.subarray(i * 3, i * 3 + 3)];
  expect(pixel(0)).toEqual([60, 60, 60]);
  expect(pixel(1)).toEqual([187, 21, 21]); // 0.35 * 60 + 0.65 * 255
  expect(pixel(3)).toEqual([187, 187, 21]);
  const light = [0, 1, 2, 3].map((i) => pixel(i)[0]! * 0.299 + pixel(i)[1]! * 0.587 + pixel(i)[2]! * 0.114);
  expect(light).toEqual(light.toSorted((a, b) => a - b));
});
