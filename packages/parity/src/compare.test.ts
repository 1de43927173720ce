import { Tensor } from "@resonnx/runtime";
import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { halfToNumber } from "./elements.ts";
import { TOLERANCES } from "./tolerance.ts";

const f32 = (values: number[], dims = [values.length]) => new Tensor("float32", Float32Array.from(values), dims);

describe("compare", () => {
  test("measures the largest difference and where it is", () => {
    const result = compare(f32([0.5, 0.25, 0.25]), f32([0.5, 0.25 + 2 ** -15, 0.25]), TOLERANCES.webgpu);
    expect(result).toMatchObject({ agree: true, reason: null, index: 1, argmaxAgree: true, limit: 1e-3 });
    expect(result.maxAbs).toBe(2 ** -15);
    expect(result.first).toHaveLength(3);
  });

  test("a difference that webgpu may have is too much for a CPU", () => {
    const result = compare(f32([0.5, 0.5]), f32([0.5001, 0.4999]), TOLERANCES.cpu);
    expect(result.agree).toBe(false);
    expect(result.reason).toMatch(/element 0 is 0\.5001.*1\.00e-4 apart, at most 1\.00e-5/);
  });

  test("values above 1 may differ in proportion to the largest of them", () => {
    expect(compare(f32([1000, 1]), f32([1000.005, 1]), TOLERANCES.cpu)).toMatchObject({ agree: true, limit: 1e-2 });
    expect(compare(f32([1000, 1]), f32([1000.05, 1]), TOLERANCES.cpu).agree).toBe(false);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("%s agrees with nothing, itself included", (value) => {
    for (const [reference, actual] of [
      [value, value],
      [value, 0],
      [0, value],
    ] as const) {
      const result = compare(f32([0, reference]), f32([0, actual]), { maxAbs: Number.MAX_VALUE, reason: "anything" });
      expect(result).toMatchObject({ agree: false, maxAbs: null, index: 1 });
      expect(result.reason).toMatch(/not finite/);
    }
  });

  test("another shape or type is refused by name", () => {
    expect(compare(f32([1, 2], [1, 2]), f32([1, 2], [2, 1]), TOLERANCES.cpu).reason).toBe(
      "shape [2, 1], the reference has [1, 2]",
    );
    const doubles = new Tensor("float64", Float64Array.of(1, 2), [2]);
    expect(compare(f32([1, 2]), doubles, TOLERANCES.cpu).reason).toBe("type float64, the reference has float32");
  });

  test("the arg-max is taken row by row, ties within the tolerance aside", () => {
    const loose = { maxAbs: 0.1, reason: "test" };
    const reference = f32([0.5, 0.45, 0.9, 0.1], [2, 2]);
    expect(compare(reference, f32([0.46, 0.5, 0.9, 0.1], [2, 2]), loose).argmaxAgree).toBe(true);
    const apart = f32([0.5, 0.38, 0.9, 0.1], [2, 2]);
    expect(compare(apart, f32([0.43, 0.44, 0.9, 0.1], [2, 2]), loose)).toMatchObject({
      agree: false,
      argmaxAgree: false,
    });
  });

  test("integers, booleans and strings must be equal", () => {
    const big = (value: bigint) => new Tensor("int64", BigInt64Array.of(value), [1]);
    expect(compare(big(2n ** 53n), big(2n ** 53n + 1n), TOLERANCES.cpu).agree).toBe(false);
    expect(compare(big(7n), big(7n), TOLERANCES.cpu)).toMatchObject({ agree: true, maxAbs: 0 });
    const words = (word: string) => new Tensor("string", [word], [1]);
    expect(compare(words("a"), words("b"), TOLERANCES.cpu)).toMatchObject({ agree: false, maxAbs: null });
    expect(compare(words("a"), words("a"), TOLERANCES.cpu).agree).toBe(true);
  });

  test("a scalar and an empty tensor compare", () => {
    expect(compare(f32([1], []), f32([1], []), TOLERANCES.cpu).agree).toBe(true);
    expect(compare(f32([], [0, 3]), f32([], [0, 3]), TOLERANCES.cpu).agree).toBe(true);
  });
});

test("half precision decodes by IEEE 754 (values from its table)", () => {
  const table = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
  ];
  for (const [bits, value] of table) expect(halfToNumber(bits!)).toBe(value);
  expect(halfToNumber(0xfc00)).toBe(Number.NEGATIVE_INFINITY);
  expect(halfToNumber(0x7e00)).toBeNaN();
});
