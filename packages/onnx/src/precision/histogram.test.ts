import { describe, expect, test } from "vitest";
import { randomStream } from "../testing/random.ts";
import { Calibration } from "./calibrate.ts";

/** The range of one value over runs of these numbers. */
function rangeOf(runs: readonly Float32Array[], percentile: number) {
  const calibration = new Calibration(1, { method: "percentile", percentile });
  for (const data of runs) calibration.add({ "calibration:0": { data } });
  return calibration.ranges()[0]!;
}

/** By sorting them all: what is left when as many numbers are dropped at each end as the percentile spares. */
function exact(runs: readonly Float32Array[], percentile: number) {
  const all = runs.flatMap((data) => [...data]).sort((a, b) => a - b);
  const spare = Math.floor((all.length * (100 - percentile)) / 200);
  return { min: all[spare]!, max: all[all.length - 1 - spare]! };
}

/** Small activations, as of a dense layer: runs of 40 numbers, of which one in 500 is far off. */
function activations(shift: number): Float32Array[] {
  const next = randomStream(9);
  return Array.from({ length: 100 }, (_, run) =>
    Float32Array.from({ length: 40 }, (_, i) => shift + next() * (1 + run / 50) * (run % 10 === 3 && i === 7 ? 40 : 1)),
  );
}

describe.each([0, 7, -1e4])("numbers around %d", (shift) => {
  test.each([100, 99.93, 98.99, 90.01])("percentile %d of all runs together, to a bin", (percentile) => {
    const runs = activations(shift);
    const [got, wanted] = [rangeOf(runs, percentile), exact(runs, percentile)];
    const whole = exact(runs, 100);
    const bin = (whole.max - whole.min) / 2048;
    expect(Math.abs(got.min - wanted.min)).toBeLessThan(bin);
    expect(Math.abs(got.max - wanted.max)).toBeLessThan(bin);
    expect(got.min).toBeLessThanOrEqual(wanted.min);
    expect(got.max).toBeGreaterThanOrEqual(wanted.max);
    expect(rangeOf(runs.toReversed(), percentile)).toEqual(got);
  });
});

test.each([[[0, 0, 0]], [[5]], [[-3e38, 3e38]], [[1e-45]], [[1, 1 + 2 ** -23]]])("all of %j lie inside", (numbers) => {
  const data = Float32Array.from(numbers);
  expect(rangeOf([data, data], 100)).toEqual({ min: Math.min(...data), max: Math.max(...data) });
});
