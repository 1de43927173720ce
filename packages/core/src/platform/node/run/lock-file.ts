import { randomUUID } from "node:crypto";
import { type FileHandle, link, open, rename, rm, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { basename, dirname, join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";

/** Who works in a run folder. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it took the lock. */
  readonly since: string;
  /** Tells this lock from any other of the same process. */
  readonly token: string;
}

/** A lock that its owner touches every BEAT ms is dead when nobody did for SILENCE ms. */
export const BEAT = 20_000;
const SILENCE = 5 * 60_000;
/** A lock without a readable owner is being written for at most this long, ms; only where there are no links. */
const WRITING = 5000;

/** The locks of this process. */
export const held = new Set<string>();

/** A lock that is there. */
export interface Found {
  /** Undefined while it is being written, or after a crash in the middle of that. */
  readonly owner: Owner | undefined;
  /** ms since 1970. */
  readonly touched: number;
  /** Tells it from every other that was or will be at its path. */
  readonly id: string;
}

/** What file systems without hard links answer. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** False when there is a file already. It appears with its content, where the file system has links. Throws `failed`. */
export async function createLock(path: string, owner: Owner): Promise<boolean> {
  const beside = fileBeside(path, randomUUID());
  try {
    await writeNew(beside, owner);
    return await link(beside, path).then(
      () => true,
      async (error: NodeJS.ErrnoException) => {
        if (!NO_LINKS.has(error.code ?? "")) throw error;
        await writeNew(path, owner);
        return true;
      },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    const what = `the run folder can't be locked: ${reasonOf(error)}`;
    throw new ResonnxError("failed", { where: path, what, cause: error });
  } finally {
    await rm(beside, { force: true });
  }
}

/** Puts a lock in the place of the one that is there, all at once. */
export async function replaceLock(path: string, owner: Owner): Promise<void> {
  const beside = fileBeside(path, randomUUID());
  await writeNew(beside, owner);
  await rename(beside, path);
}

const writeNew = (path: string, owner: Owner): Promise<void> =>
  writeFile(path, `${JSON.stringify(owner)}\n`, { flag: "wx" });

/** Named as what a killed process leaves, so that it is swept with that. */
export const fileBeside = (path: string, name: string): string => join(dirname(path), `.${basename(path)}.${name}.tmp`);

/** The lock at `path`; undefined when there is none. */
export async function readLock(path: string): Promise<Found | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r"); // text and facts of one file, though another may take its place meanwhile
    const [text, { mtimeMs, ino }] = [await file.readFile("utf8"), await file.stat()];
    const owner = parseOwner(text);
    return { owner, touched: mtimeMs, id: owner?.token ?? `${ino}-${mtimeMs}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ResonnxError("bad-input", { where: path, what: `the lock can't be read: ${reasonOf(error)}` });
  } finally {
    await file?.close();
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, host, since, token } = JSON.parse(text) as Partial<Owner>;
    if (!Number.isSafeInteger(pid) || pid! < 1) return undefined;
    if (typeof host !== "string" || typeof since !== "string" || !/^[\w-]+$/.test(`${token}`)) return undefined;
    return { pid: pid!, host, since, token: `${token}` };
  } catch {
    return undefined; // a half-written lock: `isAlive` judges it by its age
  }
}

/** Whether whoever wrote a lock still works. */
export function isAlive({ owner, touched }: Found): boolean {
  const age = Date.now() - touched;
  if (!owner) return age < WRITING;
  if (owner.host !== hostname()) return age < SILENCE;
  if (owner.pid === process.pid) return held.has(owner.token); // pids repeat in containers
  const booted = Date.now() - uptime() * 1000;
  return Date.parse(owner.since) > booted && processExists(owner.pid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 asks and does nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}
