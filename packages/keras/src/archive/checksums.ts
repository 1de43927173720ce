const END = 0x06054b50;
const END_SIZE = 22;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_SIZE = 20;
const ENTRY = 0x02014b50;
const ENTRY_SIZE = 46;
/** A zip archive may end with a comment of this length. */
const LONGEST_COMMENT = 0xffff;

/**
 * The CRC-32 of each file in a zip archive, in the order of its directory (PKWARE's APPNOTE 6.3.10, sections 4.3.12 to 4.3.16);
 * undefined where the directory is damaged. (fflate reads all else, but drops them.)
 */
export function storedChecksums(bytes: Uint8Array): number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end === undefined) return undefined;
  const checksums: number[] = [];
  let at = directoryStart(view, end);
  while (at + ENTRY_SIZE <= end && view.getUint32(at, true) === ENTRY) {
    checksums.push(view.getUint32(at + 16, true));
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    at += ENTRY_SIZE + name! + extra! + comment!;
  }
  return checksums;
}

function endOf(view: DataView): number | undefined {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

function directoryStart(view: DataView, end: number): number {
  const start = view.getUint32(end + 16, true);
  const locator = end - ZIP64_LOCATOR_SIZE;
  if (start !== 0xffffffff || locator < 0 || view.getUint32(locator, true) !== ZIP64_LOCATOR) return start;
  const record = Number(view.getBigUint64(locator + 8, true));
  return record + 56 <= view.byteLength ? Number(view.getBigUint64(record + 48, true)) : start;
}
