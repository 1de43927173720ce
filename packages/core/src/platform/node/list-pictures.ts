import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Folder } from "../../data/layouts/layout.ts";

/** No layout looks deeper: D/{split}/{class}/picture. */
const MAX_DEPTH = 3;
const PICTURE = /\.(jpe?g|png|webp)$/i;
const TABLE = "splits.csv";

/**
 * The pictures under a folder and its split table. Hidden files and folders (`._a.jpg`, `.git`) are passed over.
 * Throws `not-found` without the folder, `bad-input` when it can't be listed.
 */
export async function listPictures(root: string): Promise<Folder> {
  const files = await listFiles(root, "", 1).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === "ENOENT" ? "not-found" : "bad-input";
    throw new ResonnxError(code, { where: root, what: `can't be listed: ${reasonOf(cause)}`, cause });
  });
  return {
    files: files.filter((file) => PICTURE.test(file)).sort(),
    ...(files.includes(TABLE) && { splitsCsv: await readFile(join(root, TABLE), "utf8") }),
  };
}

async function listFiles(root: string, under: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(root, under), { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    // A link counts as what it points to, one that points nowhere as a file (which will then be named as unreadable).
    const isFolder = entry.isSymbolicLink() ? await isDirectory(join(root, path)) : entry.isDirectory();
    if (!isFolder) files.push(path);
    else if (depth < MAX_DEPTH) files.push(...(await listFiles(root, path, depth + 1)));
  }
  return files;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
