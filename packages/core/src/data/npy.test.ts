import { describe, expect, test } from "vitest";
import { parseNpy } from "./npy.ts";

/** A version 1 .npy file with this header and these bytes of data. */
function npy(descr: string, shape: string, data: readonly number[], order = "False"): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0, ...text, ...data]);
}

describe("parseNpy", () => {
  test.each<[string, string, number[], string, (number | bigint | string)[]]>([
    ["|u1", "3,", [1, 2, 255], "uint8", [1, 2, 255]],
    ["<i4", "1, 2", [255, 255, 255, 255, 1, 0, 0, 0], "int32", [-1, 1]],
    ["<i8", "1,", [254, 255, 255, 255, 255, 255, 255, 255], "int64", [-2n]],
    ["|S3", "2,", [97, 0, 0, 97, 98, 99], "|S3", ["a", "abc"]],
    ["<U2", "1,", [0xe9, 0, 0, 0, 0, 0, 0, 0], "<U2", ["\u00e9"]],
    ["<u2", "", [1, 1], "uint16", [257]],
  ])("%s (%s)", (descr, shape, data, type, values) => {
    const array = parseNpy(npy(descr, shape, data), "a.npy");
    expect(array.type).toBe(type);
    expect(Array.from(array.data)).toEqual(values);
    expect(array.shape).toEqual(shape.split(",").filter(Boolean).map(Number));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["other bytes", new Uint8Array(40), /not a .npy array/],
    ["too few bytes", npy("|u1", "", []).subarray(0, 8), /not a .npy array/],
    ["a cut header", npy("|u1", "3,", []).subarray(0, 30), /a header longer than the file/],
    ["cut data", npy("<i8", "2,", [0, 0, 0, 0, 0, 0, 0, 0]), /doesn't fit the shape \(got 8 bytes, wanted 16\)/],
    ["a shape beyond all", npy("|u1", "999999999999, 999999999999", []), /doesn't fit the shape/],
    ["Fortran order", npy("|u1", "1,", [1], "True"), /not a plain array/],
    ["objects", npy("|O", "1,", [1]), /an element type that isn't read \(got \|O/],
    ["a type by prototype", npy("constructor", "1,", [1]), /an element type/],
  ])("refuses %s", (_, bytes, message) => expect(() => parseNpy(bytes, "a.npy")).toThrow(message));
});
