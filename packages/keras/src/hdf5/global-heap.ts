import { ResonnxError } from "@resonnx/base";

/** "GCOL", version 1, three reserved bytes: the start of a global heap collection, where variable-length strings lie. */
const START = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const HEADER = 16;

/**
 * Checks the objects of every global heap in the file, since HDF5 2.0 walks them without: a size of zero makes it loop forever.
 * (HDF5 file format specification 3.0, III.E: a collection is a header and objects, each a header of 16 bytes and its padded
 * data; object 0 is the free space, its size counts its own header.) Throws `bad-input`.
 */
export function checkGlobalHeaps(bytes: Uint8Array, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(START[0]!); at >= 0; at = bytes.indexOf(START[0]!, at + 1)) {
    if (!START.every((byte, i) => bytes[at + i] === byte) || at + HEADER > bytes.length) continue;
    const end = at + Number(view.getBigUint64(at + 8, true));
    if (end > bytes.length || !objectsFit(view, at + HEADER, end)) {
      throw new ResonnxError("bad-input", {
        where,
        what: `the HDF5 file is damaged: broken global heap at byte ${at}`,
      });
    }
  }
}

function objectsFit(view: DataView, start: number, end: number): boolean {
  let at = start;
  while (at + HEADER <= end) {
    const free = view.getUint16(at, true) === 0;
    const size = Number(view.getBigUint64(at + 8, true));
    const length = free ? size : HEADER + Math.ceil(size / 8) * 8;
    if (length < HEADER || at + length > end) return false;
    at += length;
  }
  return true;
}
