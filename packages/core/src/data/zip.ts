import { ResonnxError } from "@resonnx/base";

/** One file in a zip. */
export interface ZipEntry {
  readonly name: string;
  /** The bytes as they lie in the zip. */
  readonly packed: Uint8Array;
  readonly deflated: boolean;
  /** Bytes once unpacked, as the directory says. */
  readonly size: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** The files of a zip below 4 GB (no zip64). Throws `bad-input` on a broken one. Format: PKWARE's APPNOTE.TXT, 4.3. */
export function zipEntries(bytes: Uint8Array, where: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  if (end === undefined) throw bad(where, "not a whole zip file: its directory is missing");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  return Array.from({ length: count }, () => {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) throw bad(where, "a broken zip directory");
    const [method, packedSize, size] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 24, true),
    ];
    const [nameSize, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameSize!));
    at += ENTRY_BYTES + nameSize! + extra! + comment!;
    if (method !== STORED && method !== DEFLATED)
      throw bad(where, `${name} is packed by method ${method}, not deflate`);
    if (local + LOCAL_BYTES > end) throw bad(where, `${name} lies outside the zip`);
    const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > end) throw bad(where, `${name} lies outside the zip`);
    return { name, packed: bytes.subarray(start, start + packedSize), deflated: method === DEFLATED, size };
  });
}

/** The end record lies last, before a comment of at most 65535 bytes. */
function endOfDirectory(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_BYTES - 0xffff);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) if (view.getUint32(at, true) === END) return at;
  return undefined;
}

function bad(where: string, what: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, hint: "was its download cut short?" });
}
