import { expect, test } from "vitest";
import { isBest } from "./best.ts";

const rows = (correct: readonly number[], count: number) =>
  correct.map((right, i) => ({
    epoch: i + 1,
    steps: 1,
    seconds: 1,
    loss: 1,
    accuracy: 0,
    valAccuracy: right / count,
    learningRate: 1,
  }));

// One standard error of 90 right of 100 is 3 pictures, of 9000 right of 10000 30 of them.
test.each([
  ["the first", [10], 100, true],
  ["a higher one", [80, 90], 100, true],
  ["one as high", [90, 90], 100, true],
  ["one that 100 pictures can't tell from the highest", [90, 88], 100, true],
  ["one beyond a standard error", [90, 85], 100, false],
  ["many small steps down, measured from the highest", [90, 88, 86], 100, false],
  ["the same share of 10,000 pictures", [9000, 8800], 10_000, false],
  ["one mistake after none", [100, 99], 100, true],
])("%s", (_, correct, count, best) => {
  expect(isBest(rows(correct, count), count)).toBe(best);
});
