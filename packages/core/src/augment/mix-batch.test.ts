import { describe, expect, test } from "vitest";
import { randomFor } from "../random/random.ts";
import { mixBatch, randomForMixing } from "./mix-batch.ts";
import { symmetricBeta } from "./mixes/beta.ts";
import { cutmix } from "./mixes/cutmix.ts";
import { mixup } from "./mixes/mixup.ts";

const [width, height, classes, count] = [8, 6, 4, 5];
const size = width * height * 3;
/** Pictures of one value each, 0 to 1, and one-hot labels. */
const batch = () => ({
  pictures: Float32Array.from({ length: count * size }, (_, i) => Math.floor(i / size) / (count - 1)),
  labels: Float32Array.from({ length: count * classes }, (_, i) =>
    i % classes === Math.floor(i / classes) % classes ? 1 : 0,
  ),
  width,
  height,
});
const randoms = (seed = 1) => Array.from({ length: count }, (_, row) => randomForMixing(seed, 3, 10 * row));
const rows = (values: Float32Array, length: number) =>
  Array.from({ length: values.length / length }, (_, row) => values.subarray(row * length, (row + 1) * length));

// scipy 1.17: beta.cdf(x, alpha, alpha)
test.each([
  [0.2, [0.291, 0.4141, 0.5, 0.6073]],
  [1, [0.05, 0.25, 0.5, 0.8]],
  [4, [0.0002, 0.0706, 0.5, 0.9667]],
])("Beta(%d, %d) draws have scipy's distribution", (alpha, wanted) => {
  const random = randomFor(1, 0, 0);
  const draws = Array.from({ length: 20_000 }, () => symmetricBeta(alpha, random));
  [0.05, 0.25, 0.5, 0.8].forEach((x, i) => {
    const share = draws.filter((draw) => draw <= x).length / draws.length;
    expect(Math.abs(share - wanted[i]!), `below ${x}: ${share}`).toBeLessThan(0.0142); // 4 standard deviations
  });
});

test("the smallest alphas give whole pictures, never NaN", () => {
  const random = randomFor(1, 0, 0);
  const draws = Array.from({ length: 1000 }, () => symmetricBeta(1e-4, random));
  expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
  expect(symmetricBeta(0.001, () => 0)).toBe(1);
});

describe("mixBatch", () => {
  test("mixup takes pictures and labels in the same shares, labels sum to one", () => {
    const { pictures, labels, ...rest } = batch();
    mixBatch({ pictures, labels, ...rest }, { mixup: 1, cutmix: 0 }, randoms());
    const before = rows(batch().pictures, size);
    for (const [row, label] of rows(labels, classes).entries()) {
      expect(label.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      if (row === count - 1) continue; // it and the first are of one class
      const share = label[row % classes]!;
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
      expect(label[(row + 1) % classes]).toBeCloseTo(1 - share, 6);
      const wanted = share * before[row]![0]! + (1 - share) * before[row + 1]![0]!;
      expect(rows(pictures, size)[row]!.every((value) => Math.abs(value - wanted) < 1e-6)).toBe(true);
    }
  });

  test("cutmix' labels are the shares of the pixels", () => {
    const { pictures, labels, ...rest } = batch();
    mixBatch({ pictures, labels, ...rest }, { mixup: 0, cutmix: 1 }, randoms());
    const before = rows(batch().pictures, size);
    for (const [row, picture] of rows(pictures, size).entries()) {
      const own = picture.filter((value) => value === before[row]![0]!).length / size;
      const other = picture.filter((value) => value === before[(row + 1) % count]![0]!).length / size;
      expect(own + other).toBeCloseTo(1, 6);
      const label = rows(labels, classes)[row]!;
      expect(label[row % classes]).toBeCloseTo(row === count - 1 ? 1 : own, 6);
    }
  });

  test("is the same for the same seed, another for another; of both kinds each picture gets one", () => {
    const mixed = (seed: number, recipe = { mixup: 1, cutmix: 1 }) => {
      const one = batch();
      mixBatch(one, recipe, randoms(seed));
      return one;
    };
    expect(mixed(1)).toEqual(mixed(1));
    expect(mixed(2)).not.toEqual(mixed(1));
    const values = rows(mixed(1).pictures, size).map((picture) => new Set(picture).size);
    expect(new Set(values)).toEqual(new Set([1, 2])); // mixup: one value; cutmix: two
  });

  test("a batch of one and a recipe without mixing stay as they are", () => {
    const one = batch();
    mixBatch(one, { mixup: 0, cutmix: 0 }, randoms());
    expect(one).toEqual(batch());
    const single = { pictures: new Float32Array(size).fill(0.3), labels: Float32Array.of(0, 1), width, height };
    mixBatch(single, { mixup: 1, cutmix: 0 }, [randomForMixing(1, 0, 0)]);
    expect(single.labels).toEqual(Float32Array.of(0, 1));
  });
});

test("a share of 1 keeps the picture, of 0 takes the other", () => {
  for (const { mix } of [mixup, cutmix]) {
    const [picture, other] = [new Float32Array(size).fill(0.25), new Float32Array(size).fill(0.75)];
    expect(mix({ picture, other, width, height }, 1, () => 0.5)).toBe(1);
    expect(picture.every((value) => value === 0.25)).toBe(true);
    expect(mix({ picture, other, width, height }, 0, () => 0.5)).toBe(0);
    expect(picture.every((value) => value === 0.75)).toBe(true);
  }
});

test("a box at a corner is cut off, and its label's share with it", () => {
  const [picture, other] = [new Float32Array(16 * 16 * 3), new Float32Array(16 * 16 * 3).fill(1)];
  const share = cutmix.mix({ picture, other, width: 16, height: 16 }, 0.75, () => 0); // a box of 8 x 8 about the corner
  expect(share).toBe(1 - 16 / 256);
  expect(picture.filter((value) => value === 1).length).toBe(16 * 3);
});
