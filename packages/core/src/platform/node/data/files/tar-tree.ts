import { ResonnxError } from "@resonnx/base";
import { Header, type HeaderData, Pax } from "tar";
import { ArchiveEntries } from "./archive-tree.ts";
import type { FileTree } from "./file-tree.ts";
import { FileWindow } from "./file-window.ts";

const BLOCK = 512;
/** The longest extended header: a few names. */
const MOST_EXTENDED = 1 << 20;

/**
 * The files of a tar archive, by its headers alone: what lies between them is passed over. A hard link is the file that
 * it names; a symbolic one is a file of no bytes, which will be named as unreadable.
 * Throws `bad-input` when a header is damaged or the archive ends too early.
 */
export async function tarTree(path: string): Promise<FileTree> {
  const file = new FileWindow(path);
  try {
    const entries = new ArchiveEntries(path, 2);
    for (const { header, offset, linkpath } of headersOf(file, path)) {
      const { path: name = "", size = 0, type } = header;
      if (type === "Link") entries.link(name, linkpath);
      else if (type !== "Directory") entries.add(name, offset, size);
    }
    return entries.tree((_, [offset, size]) => ({ in: "tar", path, offset: offset!, size: size! }));
  } finally {
    file.close();
  }
}

/** What the headers before a file's own say of it, and those that hold for every file. */
interface Extended {
  readonly next?: HeaderData | undefined;
  readonly all?: HeaderData | undefined;
}

/** How the text of each kind of extended header is read; all other headers are of files. */
const extensions: Partial<Record<Header["type"], (text: string, before: Extended) => Extended>> = {
  ExtendedHeader: (text, { next, all }) => ({ next: Pax.parse(text, next), all }),
  OldExtendedHeader: (text, { next, all }) => ({ next: Pax.parse(text, next), all }),
  GlobalExtendedHeader: (text, { next, all }) => ({ next, all: Pax.parse(text, all, true) }),
  NextFileHasLongPath: (text, { next, all }) => ({ next: { ...next, path: untilNull(text) }, all }),
  OldGnuLongPath: (text, { next, all }) => ({ next: { ...next, path: untilNull(text) }, all }),
  NextFileHasLongLinkpath: (text, { next, all }) => ({ next: { ...next, linkpath: untilNull(text) }, all }),
};

const untilNull = (text: string): string => text.split("\0", 1)[0]!;

interface FileHeader {
  readonly header: Header;
  /** Where the file's bytes begin. */
  readonly offset: number;
  readonly linkpath: string;
}

function* headersOf(file: FileWindow, where: string): Generator<FileHeader> {
  let extended: Extended = {};
  for (let at = 0; at < file.size; ) {
    const block = file.read(at, BLOCK);
    if (block.length < BLOCK) throw damaged(where, `it ends at byte ${file.size}`);
    const header = new Header(block, 0, extended.next, extended.all);
    if (header.nullBlock && at > 0) return;
    if (!header.cksumValid) throw damaged(where, `no header at byte ${at}`);
    const { size = 0, type } = header;
    const offset = at + BLOCK;
    if (offset + size > file.size) throw damaged(where, `${JSON.stringify(header.path)} goes beyond its end`);
    const extension = extensions[type];
    if (extension && size > MOST_EXTENDED) throw damaged(where, `a header of ${size} bytes`);
    if (extension) extended = extension(file.read(offset, size).toString(), extended);
    else {
      // Of all that extended headers say, `Header` lets its own short link path win.
      yield { header, offset, linkpath: extended.next?.linkpath ?? header.linkpath ?? "" };
      extended = { all: extended.all };
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function damaged(where: string, reason: string): ResonnxError {
  const what = `the tar archive is cut short or damaged: ${reason}`;
  return new ResonnxError("bad-input", { where, what, hint: "copy or download it again" });
}
