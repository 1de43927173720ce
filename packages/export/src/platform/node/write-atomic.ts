import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";

/**
 * Writes a file, piece behind piece, whole or not at all: into a new file beside it, which takes its place once it is on the disk. The folder
 * is made when it is missing. Throws `failed`; then the file is as it was and nothing is left beside it.
 */
export async function writeAtomic(path: string, ...pieces: readonly (Uint8Array | string)[]): Promise<void> {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await replace(path, beside, pieces);
    await syncFolder(folder);
  } catch (cause) {
    throw new ResonnxError("failed", { where: path, what: `can't be written: ${reasonOf(cause)}`, cause });
  }
}

async function replace(path: string, beside: string, pieces: readonly (Uint8Array | string)[]): Promise<void> {
  try {
    await withFile(beside, "wx", async (file) => {
      for (const piece of pieces) await file.writeFile(piece); // each behind the one before
      await file.sync();
    });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Puts the new name on the disk as well. Windows has no such call for folders and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await withFile(folder, "r", (file) => file.sync());
}

async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
