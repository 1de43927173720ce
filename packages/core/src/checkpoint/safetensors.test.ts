import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "./decode-safetensors.ts";
import type { SavedTensor } from "./dtypes.ts";
import { encodeSafetensors } from "./encode-safetensors.ts";

/** Written by Python's safetensors 0.8.0 from numpy arrays. */
const python = readFileSync(join(import.meta.dirname, "testdata/python.safetensors"));
const u: SavedTensor = { dtype: "U8", shape: [1, 1], data: Uint8Array.of(250) };
const tensors: Record<string, SavedTensor> = {
  "b/w": { dtype: "F32", shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
  steps: { dtype: "I64", shape: [], data: BigInt64Array.of(7n) },
  mask: { dtype: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) },
  a: { dtype: "F64", shape: [2], data: Float64Array.of(1.5, -2) },
  empty: { dtype: "F32", shape: [0, 3], data: new Float32Array(0) },
  h: { dtype: "F16", shape: [3], data: Uint16Array.of(0x3c00, 0x4000, 0x4200) },
  i: { dtype: "I32", shape: [1], data: Int32Array.of(-1) },
  u,
};
const metadata = { note: '\u00e9 "3"' };

/** A file with this header, as text or as JSON, and that many bytes of data. */
function file(header: unknown, dataBytes = 0, headerLength?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe("safetensors", () => {
  test("reads what Python wrote", () => {
    expect(decodeSafetensors(python)).toEqual({ tensors, metadata });
  });

  test("writes Python's file byte for byte", () => {
    expect(Buffer.from(encodeSafetensors(tensors, metadata)).equals(python)).toBe(true);
  });

  test("reads at any alignment", () => {
    const shifted = new Uint8Array(python.length + 3);
    shifted.set(python, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors).toEqual(tensors);
  });

  test("keeps names that objects treat specially", () => {
    const odd = Object.fromEntries([
      ["__proto__", u],
      ["constructor", u],
    ]);
    expect(Object.entries(decodeSafetensors(encodeSafetensors(odd)).tensors)).toEqual(Object.entries(odd));
  });

  test("an empty file of tensors", () => {
    expect(decodeSafetensors(encodeSafetensors({}))).toEqual({ tensors: {}, metadata: {} });
  });

  test("every cut of the file is refused", () => {
    for (let length = 0; length < python.length; length++) {
      expect(() => decodeSafetensors(python.subarray(0, length), "cut")).toThrow(
        expect.objectContaining({ code: "bad-input" }),
      );
    }
  });

  const entry = (change: object) => ({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...change } });
  test.each<[string, Uint8Array, RegExp]>([
    [
      "a header length beyond the file",
      file({}, 0, 1e15),
      /a header longer than the file \(got 1000000000000000 bytes/,
    ],
    ["a header that is no JSON", file("{nope"), /the header is no JSON/],
    ["a header that is a list", file([]), /no JSON object/],
    ["a header that isn't UTF-8", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), /the header is no JSON/],
    ["a type that isn't known", file(entry({ dtype: "F4" }), 8), /tensor w: a data type .* \(got F4, wanted I64, F64/],
    ["a type by prototype", file(entry({ dtype: "toString" }), 8), /a data type/],
    ["no shape", file(entry({ shape: undefined }), 8), /not a shape \(got none/],
    ["a negative size", file(entry({ shape: [-2] }), 8), /not a shape/],
    ["a size beyond the file", file(entry({ shape: [2 ** 40] }), 8), /data that doesn't fit the shape/],
    ["three offsets", file(entry({ data_offsets: [0, 4, 8] }), 8), /not data_offsets/],
    [
      "offsets beyond the file",
      file(entry({ shape: [4], data_offsets: [0, 16] }), 8),
      /data of another size .* \(got 8 bytes, wanted 16\)/,
    ],
    ["bytes that no tensor uses", file(entry({}), 12), /data of another size/],
    [
      "a hole",
      file(entry({ data_offsets: [4, 12] }), 12),
      /tensor w overlaps another or leaves a hole \(got 4, wanted 0\)/,
    ],
    [
      "an overlap",
      file({ ...entry({}), v: { dtype: "F32", shape: [2], data_offsets: [4, 12] } }, 12),
      /tensor v overlaps/,
    ],
    ["metadata that isn't text", file({ __metadata__: { epoch: 3 } }), /__metadata__ doesn't map texts to texts/],
    ["a tensor that is a number", file({ w: 3 }), /a data type that isn't known/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "a.safetensors")).toThrow(
      expect.objectContaining({ code: "bad-input", message: expect.stringMatching(message) }),
    );
  });

  test("doesn't write data that doesn't fit its shape, nor under the format's own name", () => {
    const short = { dtype: "U8", shape: [4], data: new Uint8Array(3) } as const;
    expect(() => encodeSafetensors({ short })).toThrow(/tensor short: data that doesn't fit the shape \(got 3 values/);
    expect(() => encodeSafetensors({ __metadata__: u })).toThrow(/keeps for itself/);
  });
});
