import { stat } from "node:fs/promises";
import { ResonnxError } from "@resonnx/base";
import type { FileTree } from "./file-tree.ts";
import { folderTree } from "./folder-tree.ts";

/** Archives that are read where they lie, by the end of their names; their readers load when there is one. */
const archives: ReadonlyMap<string, (path: string) => Promise<FileTree>> = new Map([
  [".zip", async (path: string) => (await import("./zip-tree.ts")).zipTree(path)],
  [".tar", async (path: string) => (await import("./tar-tree.ts")).tarTree(path)],
]);

/** What can't be: a compressed stream has to be read from its beginning for every picture. */
const COMPRESSED = /\.(tar\.\w+|tgz|7z|rar)$/i;

/** The ends of the names of archives that `openTree` takes. */
export const ARCHIVE_ENDINGS: readonly string[] = [...archives.keys()];

/**
 * The files of a folder or an archive; undefined for a file of another kind. Throws `not-found` without anything at the
 * path, `bad-input` for a damaged archive, `unsupported` for one that can't be read.
 */
export async function openTree(path: string): Promise<FileTree | undefined> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: path, what: "no such file or folder", wanted: "a path", cause });
  });
  if (stats.isDirectory()) return folderTree(path);
  if (COMPRESSED.test(path)) {
    const hint = "make it a plain .tar or a .zip";
    throw new ResonnxError("unsupported", { where: path, what: "can't be read without unpacking all of it", hint });
  }
  const open = archives.get(/\.[^.]*$/.exec(path.toLowerCase())?.[0] ?? "");
  return open?.(path);
}
