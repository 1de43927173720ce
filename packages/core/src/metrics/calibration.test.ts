import { expect, test } from "vitest";
import { calibration } from "./calibration.ts";
import { worstMistakes } from "./mistakes.ts";

// right at 0.9, wrong at 0.75, right at 0.55, wrong at 0.55
const probabilities = Float32Array.of(0.9, 0.1, 0.75, 0.25, 0.45, 0.55, 0.55, 0.45);
const truth = Int32Array.of(0, 1, 1, 1);

test("each bin compares confidence and accuracy; the error is their weighted distance", () => {
  const { ece, bins } = calibration(probabilities, truth, 2, 5);
  expect(bins.map(({ count }) => count)).toEqual([0, 0, 2, 1, 1]); // 0.55 twice in (0.4, 0.6], 0.75 in (0.6, 0.8]
  expect(bins[2]!.confidence).toBeCloseTo(0.55, 6);
  expect(bins[2]!.accuracy).toBe(0.5);
  expect(ece).toBeCloseTo((2 * (0.55 - 0.5) + 0.75 + 0.1) / 4, 6);
});

test("a perfect classifier's error is 0, and no pictures are no error", () => {
  expect(calibration(Float32Array.of(1, 0, 0, 1), Int32Array.of(0, 1), 2).ece).toBe(0);
  expect(calibration(new Float32Array(0), new Int32Array(0), 2).ece).toBe(0);
});

test("mistakes come surest first", () => {
  const found = worstMistakes(probabilities, truth, 2, 9);
  expect(found.map(({ index, truth: wanted, predicted }) => [index, wanted, predicted])).toEqual([
    [1, 1, 0],
    [3, 1, 0],
  ]);
  expect(found[0]!.confidence).toBeCloseTo(0.75, 6);
  expect(worstMistakes(probabilities, truth, 2, 1)).toHaveLength(1);
});
