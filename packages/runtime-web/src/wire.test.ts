import { Tensor } from "@resonnx/runtime";
import { describe, expect, test } from "vitest";
import { decodeTensors, encodeTensors } from "./wire.ts";

describe("tensors on the wire", () => {
  test("every kind comes back as it went, also from a view at an odd offset", () => {
    const tensors = {
      "input:0": new Tensor("float32", Float32Array.of(1.5, -2, Number.NaN), [1, 3]),
      long: new Tensor("int64", BigInt64Array.of(2n ** 60n, -1n), [2]),
      flags: new Tensor("bool", Uint8Array.of(1, 0, 1), [3]),
      words: new Tensor("string", ["a", "ü"], [2]),
      empty: new Tensor("float32", new Float32Array(0), [0, 4]),
      scalar: new Tensor("int32", Int32Array.of(7), []),
    };
    const bytes = encodeTensors(tensors);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const decoded = decodeTensors(Buffer.from(shifted.buffer, 3)); // a Buffer's slice() is a view, not a copy
    expect(Object.keys(decoded)).toEqual(Object.keys(tensors));
    for (const [name, { type, dims, data }] of Object.entries(tensors)) {
      expect({ ...decoded[name] }).toMatchObject({ type, dims });
      expect(decoded[name]!.data).toEqual(data);
    }
  });

  test.each([
    ["nothing", new Uint8Array(0)],
    ["a header longer than the bytes", Uint8Array.of(255, 0, 0, 0, 1)],
    ["a tensor cut short", encodeTensors({ x: new Tensor("float32", new Float32Array(9), [9]) }).subarray(0, -8)],
  ])("%s is refused", (_, bytes) => {
    expect(() => decodeTensors(bytes)).toThrow(/not what encodeTensors writes/);
  });
});
