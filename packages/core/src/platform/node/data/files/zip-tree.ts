import { ResonnxError, reasonOf } from "@resonnx/base";
import yauzl, { type Entry } from "yauzl";
import { ArchiveEntries } from "./archive-tree.ts";
import type { FileTree } from "./file-tree.ts";
import { FileWindow } from "./file-window.ts";
import { WindowReader } from "./window-reader.ts";

const STORED = 0;
const DEFLATED = 8;
/** Deflate can't shrink any further than this, so an entry that claims more is lying. */
const MAX_RATIO = 1032;

/**
 * The files of a zip archive, by its central directory alone: nothing is unpacked.
 * Throws `bad-input` when it is damaged, `unsupported` for entries that are encrypted or packed by another method.
 */
export async function zipTree(path: string): Promise<FileTree> {
  const file = new FileWindow(path);
  const { size } = file;
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(new WindowReader(file), size, { autoClose: false });
    const entries = new ArchiveEntries(path, 5);
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith("/")) continue;
      checkEntry(entry, path, size);
      const { relativeOffsetOfLocalHeader: offset, compressedSize, uncompressedSize, compressionMethod } = entry;
      entries.add(entry.fileName, offset, compressedSize, uncompressedSize, entry.crc32, compressionMethod);
    }
    return entries.tree((_, [offset, packed, size, crc, method]) => ({
      ...{ in: "zip", path, offset: offset!, packed: packed!, size: size!, crc: crc! },
      deflated: method === DEFLATED,
    }));
  } catch (cause) {
    if (cause instanceof ResonnxError) throw cause;
    const what = `the zip archive is cut short or damaged: ${reasonOf(cause)}`;
    throw new ResonnxError("bad-input", { where: path, what, hint: "copy or download it again", cause });
  } finally {
    file.close();
  }
}

function checkEntry(entry: Entry, path: string, size: number): void {
  const where = `${path} ${entry.fileName}`;
  if (entry.isEncrypted()) {
    const hint = "make the archive again without a password";
    throw new ResonnxError("unsupported", { where, what: "is encrypted", hint });
  }
  const method = entry.compressionMethod;
  if (method !== STORED && method !== DEFLATED) {
    const wanted = "stored or deflated";
    throw new ResonnxError("unsupported", { where, what: "is packed by another method", got: `${method}`, wanted });
  }
  const { relativeOffsetOfLocalHeader: offset, compressedSize: packed, uncompressedSize: unpacked } = entry;
  if (offset + packed > size || unpacked > Math.max(1, packed) * MAX_RATIO) {
    const got = `${packed} bytes at ${offset} for ${unpacked}`;
    throw new ResonnxError("bad-input", { where, what: "sizes that can't be", got, wanted: `within ${size} bytes` });
  }
}
