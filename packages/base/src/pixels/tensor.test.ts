import { describe, expect, test } from "vitest";
import type { Preprocessing } from "../metadata/preprocessing.ts";
import { toTensor } from "./tensor.ts";

const plain: Preprocessing = {
  width: 2,
  height: 1,
  channelOrder: "rgb",
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  layout: "nhwc",
};
const pixels = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 255, 40, 50, 60, 255) };

describe("toTensor", () => {
  test.each<[string, Partial<Preprocessing>, number[]]>([
    ["rgb, nhwc", {}, [10, 20, 30, 40, 50, 60]],
    ["rgb, nchw", { layout: "nchw" }, [10, 40, 20, 50, 30, 60]],
    ["bgr, nhwc", { channelOrder: "bgr" }, [30, 20, 10, 60, 50, 40]],
    ["scale, mean and std", { scale: 0.5, mean: [1, 2, 3], std: [2, 4, 8] }, [2, 2, 1.5, 9.5, 5.75, 3.375]],
    ["mean in the tensor's own channel order", { channelOrder: "bgr", mean: [30, 20, 10] }, [0, 0, 0, 30, 30, 30]],
  ])("%s", (_, changes, wanted) => {
    expect([...toTensor(pixels, { ...plain, ...changes })]).toEqual(wanted);
  });

  test("gray is ITU-R 601 luma", () => {
    const gray = toTensor(pixels, { ...plain, channelOrder: "gray", mean: [0], std: [1] });
    expect(gray).toHaveLength(2);
    expect(gray[0]).toBeCloseTo(0.299 * 10 + 0.587 * 20 + 0.114 * 30, 4);
  });

  test("alpha lies on white, before resizing", () => {
    const halves = { width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255) }; // white paper beside black
    expect([...toTensor(halves, plain)]).toEqual([255, 255, 255, 0, 0, 0]);
    expect([...toTensor(halves, { ...plain, width: 1 })]).toEqual([128, 128, 128]);
  });

  test("resizes to the model's size", () => {
    expect(toTensor(pixels, { ...plain, width: 8, height: 4 })).toHaveLength(8 * 4 * 3);
  });

  test("refuses data that doesn't fit its size", () => {
    expect(() => toTensor({ width: 2, height: 2, data: pixels.data }, plain)).toThrow(/8 bytes for 2x2/);
  });
});
