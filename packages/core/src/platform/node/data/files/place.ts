import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { ResonnxError, reasonOf } from "@resonnx/base";
import crc32 from "crc-32";

/** Where the bytes of a file lie: plain data that can be posted to a thread, which reads them itself. */
export type Place =
  | { readonly in: "folder"; readonly path: string }
  /** A stretch of a tar archive. */
  | { readonly in: "tar"; readonly path: string; readonly offset: number; readonly size: number }
  /** An entry of a zip archive whose local header is at `offset`; `size` and `crc` (CRC-32) are of what it unpacks to. */
  | {
      readonly in: "zip";
      readonly path: string;
      readonly offset: number;
      readonly packed: number;
      readonly size: number;
      readonly crc: number;
      readonly deflated: boolean;
    };

type PlaceIn<K extends Place["in"]> = Extract<Place, { in: K }>;

const readers: { readonly [K in Place["in"]]: (place: PlaceIn<K>) => Uint8Array } = {
  folder: ({ path }) => readFileSync(path),
  tar: ({ path, offset, size }) => readStretch(path, offset, size),
  zip: readZipEntry,
};

/**
 * The bytes at a place. Synchronous, since it is a thread's job: the thread waits, and no other thread of libuv's four,
 * which the decoder needs. Throws `bad-input` when they are not all there, Node's error when the file can't be read.
 */
export function readPlace(place: Place): Uint8Array {
  return (readers[place.in] as (place: Place) => Uint8Array)(place); // the table's row for this kind of place
}

/** Bytes of a local file header before the name (APPNOTE 6.3.10, section 4.3.7). */
const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;

function readZipEntry({ path, offset, packed, size, crc, deflated }: PlaceIn<"zip">): Uint8Array {
  const header = Buffer.from(readStretch(path, offset, LOCAL_HEADER).buffer);
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw damaged(path, `no entry at byte ${offset}`);
  const names = header.readUInt16LE(26) + header.readUInt16LE(28);
  const data = readStretch(path, offset + LOCAL_HEADER + names, packed);
  const unpacked = deflated ? inflated(path, data, size) : data;
  if (unpacked.length !== size) throw damaged(path, `an entry unpacks to ${unpacked.length} bytes, not ${size}`);
  if (crc32.buf(unpacked) >>> 0 !== crc) throw damaged(path, "an entry's checksum differs");
  return unpacked;
}

function inflated(path: string, data: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, size) }); // what says it is small must be
  } catch (cause) {
    throw damaged(path, reasonOf(cause), cause);
  }
}

function readStretch(path: string, offset: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  const file = openSync(path, "r");
  try {
    for (let at = 0; at < size; ) {
      const count = readSync(file, bytes, at, size - at, offset + at);
      if (count === 0) throw damaged(path, `it ends at byte ${offset + at}`);
      at += count;
    }
  } finally {
    closeSync(file);
  }
  return bytes;
}

function damaged(where: string, reason: string, cause?: unknown): ResonnxError {
  const hint = "copy or download it again";
  return new ResonnxError("bad-input", { where, what: `the archive is cut short or damaged: ${reason}`, hint, cause });
}
