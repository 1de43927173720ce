import { ResonnxError } from "@resonnx/base";
import type { NamedArray } from "./named-arrays.ts";

/** The element types that are read, as numpy's `descr` writes them. */
const types: Readonly<
  Record<string, { name: string; size: number; read(view: DataView, at: number): number | bigint }>
> = {
  "|u1": { name: "uint8", size: 1, read: (view, at) => view.getUint8(at) },
  "|i1": { name: "int8", size: 1, read: (view, at) => view.getInt8(at) },
  "<u2": { name: "uint16", size: 2, read: (view, at) => view.getUint16(at, true) },
  "<i2": { name: "int16", size: 2, read: (view, at) => view.getInt16(at, true) },
  "<u4": { name: "uint32", size: 4, read: (view, at) => view.getUint32(at, true) },
  "<i4": { name: "int32", size: 4, read: (view, at) => view.getInt32(at, true) },
  "<u8": { name: "uint64", size: 8, read: (view, at) => view.getBigUint64(at, true) },
  "<i8": { name: "int64", size: 8, read: (view, at) => view.getBigInt64(at, true) },
};

/**
 * The array in a .npy file of whole numbers or texts. Throws `bad-input` on anything else.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(bytes: Uint8Array, where: string): NamedArray {
  const { header, start } = headerOf(bytes, where);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? "";
  const dims = /'shape':\s*\(([\d, ]*)\)/.exec(header)?.[1];
  if (dims === undefined || /'fortran_order':\s*True/.test(header))
    throw bad(where, "not a plain array", header, "C order");
  const shape = dims
    .split(",")
    .filter((dim) => dim.trim() !== "")
    .map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  const text = /^([<|])([SU])(\d+)$/.exec(descr);
  const size = text ? Number(text[3]) * (text[2] === "U" ? 4 : 1) : types[descr]?.size;
  if (size === undefined) throw bad(where, "an element type that isn't read", descr, "whole numbers or texts");
  if (count * size !== bytes.length - start) {
    throw bad(where, "data that doesn't fit the shape", `${bytes.length - start} bytes`, `${count * size}`);
  }
  const data = bytes.subarray(start);
  if (text) return { shape, type: descr, data: texts(data, count, size, text[2] === "U") };
  const { name, read } = types[descr]!;
  if (name === "uint8") return { shape, type: name, data };
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { shape, type: name, data: Array.from({ length: count }, (_, i) => read(view, i * size)) };
}

function headerOf(bytes: Uint8Array, where: string): { header: string; start: number } {
  const magic = bytes.length >= 12 && bytes[0] === 0x93 && String.fromCharCode(...bytes.subarray(1, 6)) === "NUMPY";
  if (!magic) throw bad(where, "not a .npy array", `${bytes.length} bytes`, "the NUMPY mark");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [length, from] = bytes[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  if (from + length > bytes.length)
    throw bad(where, "a header longer than the file", `${length}`, `${bytes.length - from}`);
  return { header: new TextDecoder().decode(bytes.subarray(from, from + length)), start: from + length };
}

/** Fixed-width texts: bytes, or UTF-32 code points; zeros at the end are padding. */
function texts(data: Uint8Array, count: number, size: number, wide: boolean): string[] {
  const decoder = new TextDecoder();
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: count }, (_, i) => {
    if (!wide) return decoder.decode(data.subarray(i * size, (i + 1) * size)).replace(/\0+$/, "");
    const points = Array.from({ length: size / 4 }, (_, at) => view.getUint32(i * size + at * 4, true));
    return String.fromCodePoint(...points.filter((point) => point > 0 && point <= 0x10ffff));
  });
}

function bad(where: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, got, wanted });
}
