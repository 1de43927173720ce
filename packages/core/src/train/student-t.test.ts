import { expect, test } from "vitest";
import { spreadOf, studentT } from "./student-t.ts";

/** Two-sided 95 % and 99 %, from the tables of NIST's handbook (1.3.6.7.2). */
test.each([
  [1, 12.706, 63.657],
  [2, 4.303, 9.925],
  [3, 3.182, 5.841],
  [4, 2.776, 4.604],
  [5, 2.571, 4.032],
  [9, 2.262, 3.25],
  [30, 2.042, 2.75],
  [100, 1.984, 2.626],
])("t at %d degrees of freedom", (freedom, at95, at99) => {
  expect(studentT(0.95, freedom)).toBeCloseTo(at95, 3);
  expect(studentT(0.99, freedom)).toBeCloseTo(at99, 3);
});

test("mean, deviation and interval", () => {
  const { mean, deviation, interval } = spreadOf([1, 2, 3, 4, 5]);
  expect([mean, deviation]).toEqual([3, Math.sqrt(2.5)]);
  expect(interval![0]).toBeCloseTo(3 - (2.7764 * Math.sqrt(2.5)) / Math.sqrt(5), 3);
  expect(spreadOf([7])).toEqual({ values: [7], mean: 7, deviation: 0, interval: undefined });
  expect(() => spreadOf([])).toThrow(/no values/);
});
