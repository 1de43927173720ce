import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import { type FileTree, isHidden, MAX_DEPTH } from "./file-tree.ts";

/** Entries that are fetched at a time; Node's own 32 make a folder of a million files slow. */
const AT_ONCE = 1024;

/** The files under a folder. Throws `not-found` without it, `bad-input` when it can't be listed. */
export async function folderTree(path: string): Promise<FileTree> {
  const names: string[] = [];
  try {
    await list(path, "", 1, names);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "not-found" : "bad-input";
    throw new ResonnxError(code, { where: path, what: `can't be listed: ${reasonOf(cause)}`, cause });
  }
  return { path, names: names.sort(), place: (name) => ({ in: "folder", path: join(path, name) }) };
}

async function list(root: string, under: string, depth: number, names: string[]): Promise<void> {
  const folders: string[] = [];
  for await (const entry of await opendir(join(root, under), { bufferSize: AT_ONCE })) {
    if (isHidden(entry.name)) continue;
    const name = under === "" ? entry.name : `${under}/${entry.name}`;
    // A link counts as what it points to, one that points nowhere as a file (which will then be named as unreadable).
    const isFolder = entry.isSymbolicLink() ? await isDirectory(join(root, name)) : entry.isDirectory();
    if (!isFolder) names.push(name);
    else if (depth < MAX_DEPTH) folders.push(name);
  }
  for (const folder of folders) await list(root, folder, depth + 1, names);
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
